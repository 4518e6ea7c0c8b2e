-- Queue fetches as an SDK makes them; USERS are base64 tokens, one a line.
dofile((os.getenv("LUA_DIR") or "benchmarks/lua") .. "/summary.lua")
local users, n = {}, 0
for line in io.lines(os.getenv("USERS")) do users[#users + 1] = line end
wrk.method = "POST"
wrk.body = "{}"
wrk.headers["Content-Type"] = "application/json"
wrk.headers["X-CIO-Site-Id"] = os.getenv("WRITE_KEY")
wrk.headers["X-CIO-Client-Platform"] = "web"
wrk.headers["X-Gist-User-Anonymous"] = "false"
function request()
  n = n + 1
  wrk.headers["X-Gist-Encoded-User-Token"] = users[n % #users + 1]
  return wrk.format(nil, nil, wrk.headers, wrk.body)
end
