# metering
