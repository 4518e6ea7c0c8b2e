-- Reports of taps, each with a message id of its own; BATCH of them in a request.
dofile((os.getenv("LUA_DIR") or "benchmarks/lua") .. "/summary.lua")
local tokens, n = {}, 0
for line in io.lines(os.getenv("TOKENS")) do tokens[#tokens + 1] = line end
local run, batch, key = os.getenv("RUN"), tonumber(os.getenv("BATCH") or "1"), os.getenv("WRITE_KEY")
local now = os.date("!%Y-%m-%dT%H:%M:%S.000Z")
local item = '{"type":"track","event":"Report Delivery Event","messageId":"%s-%d","userId":"user-%d","anonymousId":null,'
  .. '"timestamp":"' .. now .. '","properties":{"deliveryId":"%s","metric":"clicked","actionName":"Count me in",'
  .. '"actionId":"yes","actionValue":"gist://close"},"context":{"library":{"name":"earshot","version":"0.1.0"},'
  .. '"page":{"url":"https://app.example.org/notes/17","path":"/notes/17","title":"Notes"},"locale":"en-GB"}}'
local function one()
  n = n + 1
  return string.format(item, run, n, n % 1000, tokens[n % #tokens + 1])
end
wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["Authorization"] = "Bearer " .. key
function request()
  if batch == 1 then return wrk.format(nil, nil, nil, one()) end
  local items = {}
  for i = 1, batch do items[i] = one() end
  return wrk.format(nil, nil, nil, '{"batch":[' .. table.concat(items, ",") .. '],"sentAt":"' .. now .. '"}')
end
