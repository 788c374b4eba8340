-- Three confer, then four; the last one is removed, one hangs up, and the two that are left talk directly. A fifth is one
-- too many. When the node of the conference dies its parties hear each other on.
local c    = cluster "two-groups"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1
local bert = c:phone "SEP000000000002" -- 1002, at ccm1
local carl = c:phone "SEP000000000003" -- 1003, at ccm1
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2
local dora = c:phone "SEP000000000012" -- 2002, at ccm2

local function talk(a, number, b)
	local m = mark()
	a:call(number)
	expect(b, "StationCallState", { state = "RingIn" }, within "3s", from(m))
	b:answer()
	expect(a, "MediaStreamStarted", within "3s", from(m))
	expect(b, "MediaStreamStarted", within "3s", from(m))
	settle "3s"
end

local function ask(b, number, who)
	local m = mark()
	b:conference(number)
	expect(who, "StationCallState", { state = "RingIn" }, within "3s", from(m), clause "CAL-01")
	who:answer()
	expect(b, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
	settle "3s"
end

say "Bert, called by Anna, takes Cleo in."
talk(anna, "1002", bert)
ask(bert, "2001", cleo)
local m = mark()
bert:conference()
for _, phone in ipairs { anna, bert, cleo } do
	expect(phone, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
end
expect(anna, "StationCallInfo", { called_party = "Conference" }, within "2s", from(m), clause "CAL-01")
settle "3s"

say "Carl makes four, and Dora would make five."
ask(bert, "1003", carl)
m = mark()
bert:conference()
expect(carl, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
settle "3s"
ask(bert, "2002", dora)
m = mark()
bert:conference()
expect(bert, "StationDisplayPromptStatus", within "2s", from(m), clause "CAL-01")
never(dora, "StationCallState", within "1s", from(m), clause "CAL-01")
bert:hangup()
expect(dora, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")
m = mark()
bert:resume()
expect(bert, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")

say "The last one is removed, and one leaves: the other two need no bridge."
m = mark()
bert:rmlstc()
expect(carl, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")
never(anna, "MediaStreamStopped", within "2s", from(m), clause "CAL-01")
m = mark()
bert:hangup()
expect(anna, "StationCallInfo", { called_party = "2001" }, within "3s", from(m), clause "CAL-01")
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
expect(cleo, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
m = mark()
anna:hangup()
expect(cleo, "StationCallState", { state = "OnHook" }, within "2s", from(m), clause "CAL-01")

say "Dora at ccm2 confers with Anna and Bert at ccm1, and her node dies."
talk(anna, "2002", dora)
ask(dora, "1002", bert)
m = mark()
dora:conference()
for _, phone in ipairs { anna, bert, dora } do
	expect(phone, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
end
settle "3s"
m = mark()
c:kill("ccm2", "callmanager")
never(anna, "MediaStreamStopped", within "3s", from(m), clause "CAL-02")
never(bert, "MediaStreamStopped", within "1s", from(m), clause "CAL-02")
m = mark()
anna:hold()
never(anna, "StationCallState", { state = "Hold" }, within "1s", from(m), clause "CAL-04")
dora:hangup()
anna:hangup()
expect(bert, "StationCallState", { state = "OnHook" }, within "10s", from(m), clause "CAL-04")
expect(dora, "StationRegisterAck", { node = "ccm3" }, within "10s", from(m), clause "CMF-14")
