-- Three nodes and two CallManager groups, so that calls go between nodes, and a device that has lost two
-- members still has a third. Everything is at ccm1 in the west and at ccm2 in the east.
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = { west = { "ccm1", "ccm2", "ccm3" }, east = { "ccm2", "ccm3" } },
	pools = { west = "west", east = "east" },

	phones = {
		{ "SEP000000000001", count = 3, dn = "1001", pool = "west" },
		{ "SEP000000000011", count = 3, dn = "2001", pool = "east" },
	},
	-- Forward no answer goes to the west, forward on failure to the east.
	route_points = {
		{ "CTIRP_5000", dn = "5000", cfna = "1003", cfof = "2003", ring = 60, pool = "west" },
	},
	ports = {
		{ "CTIP_6001", count = 4, dn = "6001", pool = "west" },
		{ "CTIP_7001", dn = "7001", pool = "east" },
	},
	-- The ivr controls the devices; the acd shares the route point with it.
	users = {
		ivr = {
			application = true,
			password = "ivr",
			groups = { "Standard CTI Enabled" },
			devices = { "CTIRP_5000", "CTIP_6001", "CTIP_6002", "CTIP_6003", "CTIP_6004", "CTIP_7001",
				"SEP000000000001" },
		},
		acd = {
			application = true,
			password = "acd",
			groups = { "Standard CTI Enabled" },
			devices = { "CTIRP_5000" },
		},
	},
	parameters = { ["Maximum Devices Per Provider"] = 3 },
}
