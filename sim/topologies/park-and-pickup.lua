-- Three nodes with phones and a port each. Calls are parked at the node of who parks them, so every node has park
-- numbers: 7701 alone at ccm1, 772X at ccm2, 773X at ccm3. The phones are one pickup group.
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = {
		first = { "ccm1", "ccm2" },
		second = { "ccm2", "ccm3" },
		third = { "ccm3", "ccm1" },
	},
	pools = { first = "first", second = "second", third = "third" },

	phones = {
		{ "SEP000000000001", count = 2, dn = "1001", pickup_group = "all", pool = "first" },
		{ "SEP000000000011", count = 2, dn = "2001", pickup_group = "all", pool = "second" },
		{ "SEP000000000031", count = 2, model = 7961, sip = true, dn = "4001", pickup_group = "all",
			pool = "second" },
		{ "SEP000000000021", count = 2, dn = "3001", pickup_group = "all", pool = "third" },
	},
	ports = {
		{ "CTIP_6001", count = 2, dn = "6001", pool = "first" },
		{ "CTIP_7001", dn = "7001", pool = "second" },
	},
	park_numbers = {
		{ "7701", node = "ccm1" },
		{ "772X", node = "ccm2" },
		{ "773X", node = "ccm3" },
	},
	pickup_groups = { { "all", number = "7900" } },
	users = {
		ivr = {
			application = true,
			password = "ivr",
			groups = { "Standard CTI Enabled", "Standard CTI Allow Calling Number Modification" },
			devices = { "CTIP_6001", "CTIP_6002", "CTIP_7001", "SEP000000000001",
				"SEP000000000011", "SEP000000000031" },
		},
		-- Who may watch the park numbers, who may control all devices, and a person.
		watch = {
			application = true,
			password = "watch",
			groups = { "Standard CTI Enabled", "Standard CTI Allow Call Park Monitoring" },
		},
		all = {
			application = true,
			password = "all",
			groups = { "Standard CTI Enabled", "Standard CTI Allow Control of All Devices" },
		},
		paula = {
			password = "paula",
			groups = { "Standard CTI Enabled", "Standard CTI Allow Call Park Monitoring" },
		},
	},
	parameters = { ["Call Park Reversion Timer"] = 20 },
}
