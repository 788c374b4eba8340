-- CAL-04: an application that closed a port with a call on it went on transmitting for ever: what the CTIManager
-- says of the call's media after the close is not told any more, so the close itself ends the stream.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2" },
	groups = {
		g1 = { "ccm2", "ccm1" },
		g2 = { "ccm1", "ccm2" },
	},
	pools = { p1 = "g1", p2 = "g2" },
	phones = {
		{ "SEP000000000001", dn = "1001", pool = "p1", max_calls = 2, busy_trigger = 1, enbloc = true },
		{ "SEP000000000002", dn = "1002", pool = "p2", cfb = "1004" },
		{ "SEP000000000003", dn = "1003", pool = "p2", cfna = "5000" },
		{ "SEP000000000004", dn = "1004", pool = "p1", ring = 14, enbloc = true },
		{ "SEP000000000005", dn = "1005", pool = "p2", cfna = "1002", enbloc = true },
	},
	ports = {
		{ "CTIP_6001", dn = "6001", pool = "p1", cfb = "1002", cfna = "6001" },
		{ "CTIP_6002", dn = "6002", pool = "p2", ring = 36 },
		{ "CTIP_6003", dn = "6003", pool = "p1", ring = 39 },
	},
	route_points = {
		{ "CTIRP_5000", dn = "5000", pool = "p1", cfa = "777", cfna = "6002", cfof = "5000" },
		{ "CTIRP_5001", dn = "5001", pool = "p2" },
	},
	users = {
		user1 = { application = true, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000004", "SEP000000000005", "CTIP_6001", "CTIP_6002", "CTIP_6003", "CTIRP_5000" } },
		user2 = { application = false, password = "secret",
			groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000004", "SEP000000000005", "CTIP_6001", "CTIP_6002", "CTIP_6003", "CTIRP_5000", "CTIRP_5001" } },
	},
	parameters = {
		["Maximum Devices Per Provider"] = 3,
		["Maximum Devices Per Node"] = 2,
	},
}
]], { seed = "104", speed = 4 })
local app1 = c:app("app1", { user = "user2", heartbeat = "5s", ctimanagers = { "ccm1", "ccm2" }, wait = false })

advance "74299us"
app1:open("CTIP_6002")
advance "143301us"
app1:call("CTIP_6002", "1005")
advance "811200us"
c:phone("SEP000000000005"):answer()
advance "2036944us"
app1:close("CTIP_6002")
c:rest()
