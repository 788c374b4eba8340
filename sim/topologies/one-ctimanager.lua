-- Two nodes with a CallManager each; the service Cisco CTIManager is activated on the first only.
return {
	nodes = { "ccm1", { "ccm2", ctimanager = false } },
	groups = { devices = { "ccm1", "ccm2" } },
	pools = { devices = "devices" },
	phones = {
		{ "SEP000000000001", count = 2, model = 7960, dn = "1001" },
	},
	ports = {
		{ "CTIP_6001", dn = "6001" },
	},
	users = {
		ivr = {
			application = true,
			password = "ivr",
			groups = { "Standard CTI Enabled" },
			devices = { "CTIP_6001", "SEP000000000001" },
		},
	},
}
