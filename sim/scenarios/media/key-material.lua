-- Keys of encrypted streams are told to the application whose user may have them and that asks for them; others learn that the
-- stream is encrypted.
local KEYS = "Standard CTI Allow Reception of SRTP Key Material"
local c    = cluster "devices"
local a    = c:phone "SEP000000000021"
local b    = c:phone "SEP000000000022"

for _, user in ipairs { "ivr", "acd" } do
	c:associate(user, "SEP000000000021")
end
c:join_group("acd", KEYS)
local plain    = c:app("plain", { user = "ivr", ctimanagers = { "ccm1" } })    -- may not
local recorder = c:app("recorder", { user = "acd", ctimanagers = { "ccm2" } }) -- may, and asks
local mute     = c:app("mute", { user = "acd", ctimanagers = { "ccm2" } })     -- may, and does not ask

local m = mark()
plain:filter "keys"
expect(plain, "Response", { result = "OPERATION_NOT_ALLOWED" }, within "2s", from(m), clause "GRP-05")
m = mark()
recorder:filter "keys"
expect(recorder, "Response", { result = "SUCCESS" }, within "2s", from(m), clause "GRP-05")
for _, app in ipairs { plain, recorder, mute } do
	app:open "SEP000000000021"
	expect(app, "LineInService", { device = "SEP000000000021" }, within "5s")
end

local function call()
	local start = mark()
	a:call "3002"
	expect(b, "StationCallState", { state = "RingIn" }, within "3s", from(start))
	b:answer()
	expect(b, "MediaStreamStarted", within "3s", from(start))
	return start, expect(a, "StationOpenReceiveChannel", within "3s", from(start)),
		expect(a, "StationStartMediaTransmission", within "3s", from(start))
end

local function without(app, start)
	for _, event in ipairs { "StartReception", "StartTransmission" } do
		expect(app, event, { encrypted = true, key = "", salt = "" }, within "3s", from(start), clause "GRP-05 GRP-09")
	end
end

local start, heard, sent = call()
expect(recorder, "StartReception", { encrypted = true, key = heard.key, salt = heard.salt }, within "3s", from(start), clause "GRP-05")
expect(recorder, "StartTransmission", { encrypted = true, key = sent.key, salt = sent.salt }, within "3s", from(start), clause "GRP-05")
without(plain, start)
without(mute, start)
a:hangup()
expect(b, "StationCallState", { state = "OnHook" }, within "3s", from(start))

-- Out of the group while connected: none from the next stream on.
m = mark()
c:leave_group("acd", KEYS)
expect(recorder, "ProviderUserChanged", { capabilities = 32 }, within "5s", from(m), clause "USR-04")
start = call()
without(recorder, start)
