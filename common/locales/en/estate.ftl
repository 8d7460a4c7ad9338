# estate
