-- A dial plan: partitions, calling search spaces, patterns, and every forward. Three nodes; devices in the west live on
-- ccm1, in the east on ccm2, in the north on ccm3.
--
-- A partition holds numbers; a calling search space lists the partitions that a caller may reach, the first one first.
-- `css` is the line's, `device_css` the device's; what stands in no partition is reached by everybody. Forwards are
-- looked for in the space that `cfa_css`, `cfb_css`, `cfna_css`, `cfur_css` or `cfof_css` names, or else in the line's.
-- `cfb`, `cfna` and `cfur` (registered nowhere) are for all calls; `cfb_int`, `cfna_int` and `cfur_int`, where given,
-- for internal ones, which all calls of a cluster are. `auto_answer` is "speaker" or "headset".
--
-- Patterns: X one digit, [2-5] and [^2-5] one out of some, ! any number of them (at the end), and a dot up to which
-- discard = "PreDot" throws digits away; then comes the mask (X keeps a digit), then the prefix. What a translation
-- makes is looked for in its own css (none: among the numbers without partition), what a route pattern makes in the
-- caller's. block refuses the call, urgent waits for no more digits.
return {
	nodes = { "ccm1", "ccm2", "ccm3" },
	groups = { west = { "ccm1", "ccm2" }, east = { "ccm2", "ccm1" }, north = { "ccm3" } },
	pools = { west = "west", east = "east", north = "north" },
	partitions = { "Staff", "Guests", "Services" },
	search_spaces = {
		Staff_CSS = { "Staff", "Services" },
		Guest_CSS = { "Guests" },
		Services_CSS = { "Services", "Staff" },
	},
	translations = {
		{ "9.XXXX", partition = "Staff", discard = "PreDot", css = "Staff_CSS" },
		{ "311", partition = "Guests", mask = "1001", css = "Staff_CSS", calling_mask = "55XXXX", urgent = true },
		{ "77", prefix = "77" }, -- a circle
	},
	route_patterns = {
		{ "0.!", discard = "PreDot" },
		{ "0900!", block = true },
	},
	phones = {
		-- 2001 once more, in another partition: whose 2001 is called depends on who calls.
		{ "SEP000000000001", dn = "1001", partition = "Staff", css = "Staff_CSS", pool = "west" },
		{ "SEP000000000002", dn = "2001", partition = "Staff", device_css = "Staff_CSS", pool = "east" },
		{ "SEP000000000003", dn = "2001", partition = "Guests", css = "Guest_CSS", pool = "east" },
		{ "SEP000000000004", dn = "2004", partition = "Guests", css = "Guest_CSS", pool = "west" },
		{ "SEP000000000005", dn = "3005", pool = "west" },
		-- To 3005 when busy, to 1001 when nobody answers: a number that Guest_CSS does not reach, cfna_css does.
		{ "SEP000000000006", dn = "3006", css = "Guest_CSS", max_calls = 2, busy_trigger = 1, ring = 5,
			cfb = "2004", cfb_int = "3005", cfna = "1001", cfna_css = "Staff_CSS", pool = "east" },
		-- All calls to a number that this line does not reach.
		{ "SEP000000000007", dn = "3007", cfa = "1001", css = "Guest_CSS", pool = "east" },
		-- A circle of three, and a line that forwards to itself.
		{ "SEP000000000008", dn = "3008", cfa = "3009", pool = "west" },
		{ "SEP000000000009", dn = "3009", cfa = "3010", pool = "east" },
		{ "SEP000000000010", dn = "3010", cfa = "3008", pool = "west" },
		{ "SEP000000000011", dn = "3011", cfa = "3011", pool = "west" },
		-- Registered nowhere once ccm3 is dead.
		{ "SEP000000000012", dn = "3012", cfur = "3005", pool = "north" },
		-- Two lines; one that answers by itself.
		{ "SEP000000000013", pool = "east", lines = { { dn = "3013", max_calls = 2, busy_trigger = 2 },
			{ dn = "3113", max_calls = 3, busy_trigger = 1, cfb = "3005" } } },
		{ "SEP000000000014", dn = "3014", auto_answer = "speaker", pool = "west" },
		-- A shared line: one number, three devices, each on another node. What belongs to the number is said once.
		{ "SEP000000000020", dn = "3020", busy_trigger = 1, cfb = "3005", cfna = "2001", cfna_css = "Staff_CSS", ring = 5,
			pool = "west" },
		{ "SEP000000000021", dn = "3020", busy_trigger = 1, pool = "east" },
		{ "SEP000000000022", dn = "3020", busy_trigger = 1, pool = "north" },
		-- Shared by a phone and a port.
		{ "SEP000000000023", dn = "3021", pool = "west" },
	},
	route_points = {
		-- A range of numbers on one line.
		{ "CTIRP_50", dn = "50XX", css = "Staff_CSS", pool = "west" },
		{ "CTIRP_51", pool = "east", lines = { { dn = "5101", max_calls = 2, busy_trigger = 1, cfb = "5102" },
			{ dn = "5102" } } },
	},
	ports = {
		{ "CTIP_61", dn = "3021", pool = "east" },
		{ "CTIP_60", pool = "west", lines = { { dn = "6001" }, { dn = "6002" } } },
	},
	users = {
		ivr = {
			application = true,
			password = "ivr",
			groups = { "Standard CTI Enabled" },
			devices = { "CTIRP_50", "CTIRP_51", "CTIP_60", "SEP000000000001", "SEP000000000020",
				"SEP000000000021", "CTIP_61", "SEP000000000023" },
		},
	},
}
