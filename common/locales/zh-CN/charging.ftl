# charging
