-- Ports and route points of every shape: with several lines, with few calls, with a user who may and one who may not.
-- Phones and CTI devices live on ccm1 (west) and ccm2 (east); three applications share some of the devices.
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = { west = { "ccm1", "ccm2" }, east = { "ccm2", "ccm1" } },
	pools = { west = "west", east = "east" },

	phones = {
		{ "SEP000000000001", count = 4, dn = "1001", pool = "west" },
		{ "SEP000000000011", count = 4, dn = "2001", pool = "east" },
		-- Streams between devices of which both are encrypted are.
		{ "SEP000000000021", dn = "3001", encrypted = true, pool = "west" },
		{ "SEP000000000022", dn = "3002", encrypted = true, pool = "east" },
	},
	route_points = {
		{ "CTIRP_5000", pool = "west", lines = { { dn = "5000", cfna = "1004" }, { dn = "5001" } } },
		-- Three calls at a time; the third one is forwarded already, for two make it busy.
		{ "CTIRP_5100", dn = "5100", max_calls = 3, busy_trigger = 2, cfb = "1004", pool = "east" },
		{ "CTIRP_5200", dn = "5200", max_calls = 2, busy_trigger = 2, pool = "east" },
	},
	ports = {
		{ "CTIP_6001", count = 2, dn = "6001", pool = "west" },
		{ "CTIP_6100", pool = "east", lines = { { dn = "6100" }, { dn = "6101" } } },
		{ "CTIP_6200", dn = "6200", cfb = "1004", pool = "east" },
		{ "CTIP_6300", dn = "6300", encrypted = true, pool = "east" },
	},
	users = {
		ivr = {
			application = true,
			password = "ivr",
			groups = { "Standard CTI Enabled" },
			devices = { "CTIRP_5000", "CTIRP_5100", "CTIRP_5200", "CTIP_6001", "CTIP_6002", "CTIP_6100",
				"CTIP_6200", "CTIP_6300", "SEP000000000001" },
		},
		acd = {
			application = true,
			password = "acd",
			groups = { "Standard CTI Enabled", "Standard CTI Allow Calling Number Modification" },
			devices = { "CTIRP_5000", "CTIP_6001", "CTIP_6100" },
		},
	},
	parameters = { ["Media Exchange Timeout"] = 4 },
}
