# cashier
