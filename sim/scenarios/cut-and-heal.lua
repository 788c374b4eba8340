-- ccm1 and ccm2 are cut off from each other, both ways. Nothing is lost that is not noticed: the links go out of
-- service within the keepalive limit, on both sides, and come back when the cut is healed. A short delay is none.
local c = cluster "three-nodes"

local m = mark()
c:slow("ccm1:callmanager", "ccm2:callmanager", "300ms")
never(c, "SDLLinkOOS", within "4s", from(m), clause "CMF-12")
c:slow("ccm1:callmanager", "ccm2:callmanager", "0ms")

m = mark()
c:cut("ccm1:callmanager", "ccm2:callmanager")
expect(c, "SDLLinkOOS", { NodeID = "ccm1", RemoteNodeID = 2 }, within "4s", from(m), clause "CMF-12")
expect(c, "SDLLinkOOS", { NodeID = "ccm2", RemoteNodeID = 1 }, within "4s", from(m), clause "CMF-12")

m = mark()
c:heal("ccm1:callmanager", "ccm2:callmanager")
expect(c, "SDLLinkISV", { NodeID = "ccm1", RemoteNodeID = 2 }, within "4s", from(m))
expect(c, "SDLLinkISV", { NodeID = "ccm2", RemoteNodeID = 1 }, within "4s", from(m))
