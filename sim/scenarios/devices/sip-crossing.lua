-- Each way in which a SIP phone comes to a number, crossed with what the dial rules make of it and with what becomes
-- of the call: answered, or reorder. Whatever the way: no call before a rule has matched, dialing before the other side
-- rings, and after reorder nothing is left but a tone, which hinders nobody.
local c = cluster([[
return {
	nodes = { "ccm1", "ccm2" },
	groups = { west = { "ccm1", "ccm2" }, east = { "ccm2", "ccm1" } },
	pools = { west = "west", east = "east" },
	dial_rules = { plan = { "1... 0", "2... 1", "8,.... 0" } },
	phones = {
		{ "SEP000000000001", model = 7970, sip = true, dial_rules = "plan", dn = "1001", pool = "west",
			max_calls = 1, busy_trigger = 1 },
		{ "SEP000000000002", model = 7970, pool = "east",
			lines = { { dn = "1002" }, { dn = "2002" }, { dn = "81002" }, { dn = "3002" } } },
	},
	users = {
		ivr = { application = true, password = "ivr", groups = { "Standard CTI Enabled" },
			devices = { "SEP000000000001" } },
	},
	parameters = { ["T302 Timer"] = 3000 },
}
]])
local sip   = c:phone "SEP000000000001"
local other = c:phone "SEP000000000002"
local ivr   = c:app("ivr", { user = "ivr", ctimanagers = { "ccm2" } })

ivr:open "SEP000000000001"
expect(ivr, "LineInService", { device = "SEP000000000001" }, within "3s", clause "DEV-01")

-- What the rules make of it: the number that is answered, that which leads nowhere, when it is sent.
local rules = {
	{ "1002", "1099", wait = false },
	{ "2002", "2099", wait = true }, -- a second
	{ "81002", "81099", wait = false, second_tone = true },
	{ "3002#", "3099#", wait = false },
}

local orders = {
	{ "off hook first", function(number)
		sip:offhook()
		sip:dial(number)
	end },
	{ "number first", function(number) sip:call(number) end },
	{ "by the application", function(number) ivr:call("SEP000000000001", number) end },
}

local function dials(order, rule, number)
	local m = mark()

	if order[1] == "by the application" then
		number = number:gsub("#", "") -- of which it would be a part
	end
	order[2](number)
	if rule.wait then
		never(ivr, "NewCall", within(scaled "500ms"), from(m), clause "DEV-07")
	end
	-- Without a rule the application's number waits for T302, three seconds here.
	expect(ivr, sequence {
		{ "NewCall",          device = "SEP000000000001" },
		{ "CallStateChanged", device = "SEP000000000001", state = "DIALING" },
	}, within(number:sub(1, 1) == "3" and "5s" or "2s"), from(m), clause "DEV-06", clause "DEV-07")
	if rule.second_tone and order[1] == "off hook first" then
		expect(sip, "PhoneTone", { tone = "OutsideDialTone" }, within "1s", from(m), clause "DEV-07")
	end
	return m
end

for _, order in ipairs(orders) do
	for _, rule in ipairs(rules) do
		say(order[1] .. ", " .. rule[1])
		local m = dials(order, rule, rule[1])
		expect(other, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "DEV-08")
		other:answer()
		expect(sip, "MediaStreamStarted", within "3s", from(m), clause "DEV-08")
		sip:hangup()
		expect(ivr, "CallClosed", within "2s", from(m), clause "DEV-08")
		expect(other, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "DEV-08")

		say(order[1] .. ", reorder")
		m = dials(order, rule, rule[2])
		expect(sip, "PhoneTone", { tone = "ReorderTone" }, within "2s", from(m), clause "DEV-09")
		expect(ivr, sequence {
			{ "CallStateChanged", device = "SEP000000000001", state = "IDLE" },
			{ "CallClosed",       device = "SEP000000000001" },
		}, within "2s", from(m), clause "DEV-09")
		-- The line takes one call: the tone is none.
		m = mark()
		other:call "1001"
		expect(ivr, "NewCall", { device = "SEP000000000001", state = "OFFERING" }, within "2s", from(m),
			clause "DEV-10", clause "DEV-11")
		other:hangup()
		expect(ivr, "CallClosed", within "2s", from(m), clause "DEV-11")
		never(sip, "PhoneTone", { tone = "Silence" }, within "200ms", from(m), clause "DEV-09")
		m = mark()
		sip:hangup()
		expect(sip, "PhoneTone", { tone = "Silence" }, within "2s", from(m), clause "DEV-09")
	end
end
