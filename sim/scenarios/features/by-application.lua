-- An application transfers and confers with the calls of a phone that it controls: blindly, after having asked, directly. It is
-- told by name what cannot be, and then nothing has changed. It controls the third party, too, and hears what becomes of it.
local c    = cluster "two-groups"
local anna = c:phone "SEP000000000001" -- 1001, at ccm1, controlled
local bert = c:phone "SEP000000000002" -- 1002, at ccm1
local cleo = c:phone "SEP000000000011" -- 2001, at ccm2
local ivr  = c:app("ivr", { user = "ivr", ctimanagers = { "ccm3" } })
local desk = "SEP000000000001"

local m = mark()
ivr:open(desk)
ivr:open "CTIP_7001"
expect(ivr, "LineInService", { device = desk }, within "2s", from(m))
expect(ivr, "LineInService", { device = "CTIP_7001" }, within "2s", from(m))

local function called()
	local t = mark()
	bert:call "1001"
	expect(ivr, "NewCall", { device = desk }, within "3s", from(t))
	expect(anna, "StationCallState", { state = "RingIn" }, within "3s", from(t))
	ivr:answer(desk)
	expect(anna, "MediaStreamStarted", within "3s", from(t))
	expect(bert, "MediaStreamStarted", within "3s", from(t))
	settle "3s"
end

local function hang_up(...)
	for _, phone in ipairs { ... } do
		local t = mark()
		phone:hangup()
		expect(phone, "StationCallState", { state = "OnHook" }, within "3s", from(t))
	end
	settle "5s"
end

say "Blindly: to nobody it is refused, to Cleo it goes."
called()
m = mark()
ivr:transfer(desk, "999")
expect(ivr, "Response", { result = "TRANSFERFAILED_DESTINATION_UNALLOCATED" }, within "2s", from(m), clause "CAL-01")
never(anna, "MediaStreamStopped", within "1s", from(m), clause "CAL-01")
m = mark()
ivr:transfer(desk, "2001")
expect(cleo, "StationCallState", { state = "RingIn" }, within "2s", from(m), clause "CAL-01")
expect(ivr, "CallClosed", { device = desk }, within "2s", from(m), clause "CAL-01")
cleo:answer()
expect(bert, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
hang_up(bert)

say "After having asked the port: its call becomes part of the other one."
called()
m = mark()
ivr:complete(desk)
expect(ivr, "Response", { result = "TRANSFER_INACTIVE" }, within "2s", from(m), clause "CAL-01")
m = mark()
ivr:consult(desk, "7001")
expect(ivr, sequence { { "CallStateChanged", device = desk, state = "ONHOLD" },
                       { "NewCall", device = desk },
                       { "CallStateChanged", device = desk, state = "DIALING" } }, within "3s", from(m), clause "CAL-01")
expect(ivr, "NewCall", { device = "CTIP_7001" }, within "3s", from(m), clause "CAL-01")
ivr:answer "CTIP_7001"
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
settle "3s"
m = mark()
ivr:complete(desk)
expect(ivr, sequence { { "LineTransferStarted", device = desk },
                       { "CallClosed", device = desk },
                       { "CallClosed", device = desk },
                       { "LineTransferEnded", device = desk } }, within "3s", from(m), clause "CAL-01")
expect(ivr, "GlobalCallHandleChanged", { device = "CTIP_7001" }, within "3s", from(m), clause "CAL-01")
expect(ivr, "CallPartyInfoChanged", { device = "CTIP_7001", calling = "1002", reason = "TRANSFER" }, within "3s", from(m), clause "CAL-01")
expect(bert, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
m = mark()
hang_up(bert)
expect(ivr, "CallClosed", { device = "CTIP_7001" }, within "3s", from(m), clause "CAL-01")

say "A conference of three, which the application's own party leaves."
called()
m = mark()
ivr:conference(desk, "2001")
expect(cleo, "StationCallState", { state = "RingIn" }, within "3s", from(m), clause "CAL-01")
ivr:complete(desk)
expect(ivr, "Response", { result = "CONFERENCE_INVALID_PARTICIPANT" }, within "2s", from(m), clause "CAL-01")
cleo:answer()
expect(anna, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
settle "3s"
m = mark()
ivr:complete(desk)
expect(ivr, sequence { { "LineConferenceStarted", device = desk },
                       { "LineConferenceEnded", device = desk } }, within "3s", from(m), clause "CAL-01")
for _, phone in ipairs { anna, bert, cleo } do
	expect(phone, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
end
settle "3s"
m = mark()
ivr:drop(desk)
expect(ivr, "CallClosed", { device = desk }, within "3s", from(m), clause "CAL-01")
expect(bert, "StationCallInfo", { called_party = "2001" }, within "3s", from(m), clause "CAL-01")
expect(cleo, "MediaStreamStarted", within "3s", from(m), clause "CAL-01")
hang_up(cleo)
