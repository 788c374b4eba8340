-- SIP phones of two models, over TCP and UDP, and SCCP phones beside them; two nodes, ccm1 first. The dial
-- rules: numbers here have four digits and begin with 1 or 6; 8 gets a second dial tone and five more digits;
-- anything else waits for two seconds.
return {
	nodes = { "ccm1", "ccm2" },
	groups = { devices = { "ccm1", "ccm2" }, east = { "ccm2", "ccm1" } },
	pools = { devices = "devices", east = "east" },
	dial_rules = { office = { "1... 0", "6... 0", "8,..... 0", "* 2" } },

	phones = {
		{ "SEP000000000001", count = 2, model = 7970, sip = true, dial_rules = "office", dn = "1001",
			pool = "devices", max_calls = 2, busy_trigger = 2 },
		{ "SEP000000000003", model = 7961, sip = true, transport = "udp", dial_rules = "office", dn = "1003",
			pool = "east" },
		{ "SEP000000000004", model = 7940, sip = true, dn = "1004", pool = "devices" },
		{ "SEP000000000005", count = 2, model = 7960, dn = "1005", pool = "east" },
	},
	ports = { { "CTIP_6001", dn = "6001", pool = "devices" } },
	users = {
		ivr = {
			application = true,
			password = "ivr",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000001", "SEP000000000002", "SEP000000000003", "SEP000000000004",
				"SEP000000000005", "CTIP_6001" },
		},
	},
}
