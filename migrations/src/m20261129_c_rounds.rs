//! Reading rounds: who reads which meters of a month, what could not be read, what is to be read again.

use sea_orm_migration::prelude::*;

#[derive(DeriveMigrationName)]
pub(crate) struct Migration;

#[expect(elided_lifetimes_in_paths, reason = "the trait leaves this lifetime out, and the macro wants the very signature")]
#[async_trait::async_trait]
impl MigrationTrait for Migration {
    async fn up(&self, manager: &SchemaManager) -> Result<(), DbErr> {
        crate::sql::run(manager, DDL).await
    }
}

// A part's place is its building, or the community for meters that belong to no building; its entrance is the place itself where
// it stands for whatever of the place has no part of its own. So a meter finds its part by equal keys alone.
const DDL: &str = "
CREATE TABLE reading_round (
    community_id UUID NOT NULL REFERENCES community (id),
    id UUID NOT NULL,
    month integer NOT NULL,
    from_day DAY NOT NULL,
    to_day DAY NOT NULL,
    state text NOT NULL,
    created_by UUID,
    created_at INSTANT NOT NULL,
    closed_by UUID,
    closed_at INSTANT,
    PRIMARY KEY (community_id, id),
    CHECK (from_day <= to_day)
);
CREATE INDEX reading_round_month ON reading_round (community_id, month, created_at);
CREATE INDEX reading_round_open ON reading_round (community_id, month) WHERE state = 'open';
CREATE TABLE reading_round_utility (
    community_id UUID NOT NULL,
    round_id UUID NOT NULL,
    utility text NOT NULL,
    PRIMARY KEY (community_id, round_id, utility),
    FOREIGN KEY (community_id, round_id) REFERENCES reading_round (community_id, id)
);
CREATE TABLE reading_round_part (
    community_id UUID NOT NULL,
    round_id UUID NOT NULL,
    id UUID NOT NULL,
    place_id UUID NOT NULL,
    entrance_id UUID NOT NULL,
    reader_id UUID,
    PRIMARY KEY (community_id, round_id, id),
    FOREIGN KEY (community_id, round_id) REFERENCES reading_round (community_id, id)
);
CREATE UNIQUE INDEX reading_round_part_once ON reading_round_part (community_id, round_id, place_id, entrance_id);
CREATE INDEX reading_round_part_reader ON reading_round_part (community_id, reader_id, round_id);
CREATE TABLE reading_missed (
    community_id UUID NOT NULL,
    round_id UUID NOT NULL,
    meter_id UUID NOT NULL,
    reason text NOT NULL,
    note text NOT NULL,
    day DAY NOT NULL,
    tries integer NOT NULL,
    created_by UUID,
    created_at INSTANT NOT NULL,
    PRIMARY KEY (community_id, round_id, meter_id),
    FOREIGN KEY (community_id, round_id) REFERENCES reading_round (community_id, id),
    FOREIGN KEY (community_id, meter_id) REFERENCES meter (community_id, id)
);
CREATE TABLE reread (
    community_id UUID NOT NULL,
    id UUID NOT NULL,
    meter_id UUID NOT NULL,
    month integer NOT NULL,
    state text NOT NULL,
    value bigint NOT NULL,
    day DAY NOT NULL,
    read_by UUID,
    previous bigint,
    usage bigint,
    usual bigint,
    odd text NOT NULL,
    photo BYTES,
    note text NOT NULL,
    reader_id UUID NOT NULL,
    due_day DAY NOT NULL,
    sent_by UUID,
    sent_day DAY NOT NULL,
    answer_id UUID,
    answer bigint,
    answer_day DAY,
    ended_by UUID,
    ended_at INSTANT,
    PRIMARY KEY (community_id, id),
    FOREIGN KEY (community_id, meter_id) REFERENCES meter (community_id, id)
);
CREATE UNIQUE INDEX reread_open ON reread (community_id, meter_id, month) WHERE state = 'open';
CREATE INDEX reread_list ON reread (community_id, state, due_day, id);
CREATE INDEX reread_reader ON reread (community_id, reader_id) WHERE state = 'open';
CREATE INDEX reread_meter ON reread (community_id, meter_id, month);
CREATE INDEX reread_answer ON reread (community_id, answer_id) WHERE answer_id IS NOT NULL;
CREATE INDEX meter_building ON meter (community_id, building_id);
";
