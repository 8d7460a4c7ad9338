//! Deeds that may have to wait for approval: which function carries out which kind, once the last level has agreed.

use std::collections::BTreeMap;
use std::pin::Pin;
use std::sync::Arc;

use common::approvals::flow::DeedKind;

use crate::{Answer, Failure, Who, Work};

type Run = Arc<dyn for<'a> Fn(&'a Work, &'a Who, &'a str) -> Pin<Box<dyn Future<Output = Answer<()>> + Send + 'a>> + Send + Sync>;

/// Which function carries out which kind of deed.
#[derive(Default)]
pub struct Deeds {
    kinds: BTreeMap<DeedKind, Run>,
}

impl Deeds {
    /// Adds a kind. Its function reads the body of the command that was asked for, looks at the world anew, and writes in the
    /// transaction of the agreement.
    pub fn on<F>(mut self, kind: DeedKind, run: F) -> Self
    where
        F: for<'a> Fn(&'a Work, &'a Who, &'a str) -> Pin<Box<dyn Future<Output = Answer<()>> + Send + 'a>>
            + Send
            + Sync
            + 'static,
    {
        self.kinds.insert(kind, Arc::new(run));
        self
    }

    /// Carries one out.
    pub(crate) async fn carry_out(&self, kind: DeedKind, work: &Work, who: &Who, body: &str) -> Answer<()> {
        match self.kinds.get(&kind) {
            Some(run) => run(work, who, body).await,
            None => Err(Failure::broken(format!("nobody carries out deeds of the kind {kind}"))),
        }
    }
}

/// All kinds of all capabilities.
pub(crate) fn registry() -> Deeds {
    crate::cashier::deeds(crate::billing::deeds(crate::waivers::deeds(Deeds::default())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_carried_out_by_somebody() {
        let deeds = registry();
        for kind in DeedKind::ALL {
            assert!(deeds.kinds.contains_key(kind), "{kind}");
        }
    }
}
