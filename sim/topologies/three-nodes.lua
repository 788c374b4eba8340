-- Three nodes, each with a CallManager and a CTIManager. The devices belong to a group of two:
-- ccm1 first, ccm2 second. ccm3 takes calls and applications, but no devices of its own.
--
-- A topology is data: one table, nothing that runs. `count = N` makes N devices, whose names
-- and numbers are counted up from those given. A device with several lines has
-- `lines = { { dn = "1001", ... }, ... }` in place of `dn`.
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = { devices = { "ccm1", "ccm2" } },
	pools = { devices = "devices" },

	phones = {
		{ "SEP000000000001", count = 8, model = 7960, dn = "1001" },
	},
	-- Calls that come while nobody has the route point open go to 1007 (forward no answer), calls
	-- that are there when its application dies to 1008 (forward on failure). It rings for longer
	-- than two heartbeat intervals, or forward no answer would hide forward on failure (APF-07).
	route_points = {
		{ "CTIRP_5000", dn = "5000", cfna = "1007", cfof = "1008", ring = 60 },
	},
	ports = {
		{ "CTIP_6001", count = 4, dn = "6001" },
	},
	users = {
		ivr = {
			application = true,
			password = "ivr",
			groups = { "Standard CTI Enabled" },
			devices = { "CTIRP_5000", "CTIP_6001", "CTIP_6002", "CTIP_6003", "CTIP_6004",
				"SEP000000000001" },
		},
	},
}
