-- Data between an application and a phone, passed on unread: to an SCCP phone and to a SIP phone over TCP, and from
-- there what the Quality Reporting Tool says. Over UDP it is refused by name, both ways.
local c   = cluster "sip-phones"
local tcp = c:phone "SEP000000000001"
local udp = c:phone "SEP000000000003"
local old = c:phone "SEP000000000005"
local ivr = c:app("ivr", { user = "ivr", ctimanagers = { "ccm1" } })

for _, device in ipairs { "SEP000000000001", "SEP000000000003", "SEP000000000005" } do
	ivr:open(device)
	expect(ivr, "DeviceInService", { device = device }, within "3s", clause "DEV-01")
end

local m = mark()
ivr:passthrough("SEP000000000001", "hello")
expect(tcp, "SipNotify", { event = "SIP_DEVICE_DATA" }, within "2s", from(m), clause "DEV-12")
ivr:passthrough("SEP000000000005", "hello")
expect(old, "StationUserToDeviceData", within "2s", from(m), clause "DEV-12")
m = mark()
ivr:passthrough("SEP000000000003", "hello")
expect(ivr, "Response", { result = "UDP_PASS_THROUGH_NOT_SUPPORTED" }, within "2s", from(m), clause "DEV-12")
never(udp, "SipNotify", within "1s", from(m), clause "DEV-12")

m = mark()
tcp:qrt "3"
expect(ivr, "DeviceDataPassThroughEvent", { device = "SEP000000000001" }, within "2s", from(m), clause "DEV-12")
old:qrt "1"
expect(ivr, "DeviceDataPassThroughEvent", { device = "SEP000000000005" }, within "2s", from(m), clause "DEV-12")
m = mark()
udp:qrt "3"
never(ivr, "DeviceDataPassThroughEvent", within "1s", from(m), clause "DEV-12")

-- A SIP phone of a model that may not be controlled is refused, an SCCP phone of any model is not.
m = mark()
ivr:open "SEP000000000004"
expect(ivr, "Response", { result = "DEVICE_RESTRICTED" }, within "2s", from(m), clause "DEV-02")
