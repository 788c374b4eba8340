-- Ten thousand ports over three nodes, and a user who may control all devices: 2,500 at a time are within the limits.
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = { devices = { "ccm1", "ccm2", "ccm3" } },
	pools = { devices = "devices" },
	ports = {
		{ "CTIP_20001", count = 10000, dn = "20001" },
	},
	users = {
		all = {
			application = true,
			password = "all",
			groups = { "Standard CTI Enabled", "Standard CTI Allow Control of All Devices" },
		},
	},
	parameters = { ["Maximum Devices Per Provider"] = 2500, ["Maximum Devices Per Node"] = 2500 },
}
