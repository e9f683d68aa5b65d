-- Sends the requests of one class with wrk. Arguments: a file, the number to count from, and "same" to send one request for ever.
-- The file: how many keys there are, then the pieces of the path, between which the key stands. After the path stands the count,
-- in a comment of the query, so that no two requests have the same text.

function init(args)
  local lines = {}
  for line in io.lines(args[1]) do lines[#lines + 1] = line end
  keys = tonumber(lines[1])
  pieces = { unpack(lines, 2) }
  count = tonumber(args[2])
  same = args[3] == "same" and build()
end

function build()
  return wrk.format("GET", table.concat(pieces, string.format("%d", count % keys)) .. string.format("%d", count))
end

function request()
  if same then return same end
  count = count + 1
  return build()
end

function done(summary, latency)
  local failed = summary.errors
  io.write(string.format("\nRESULT %d %d %d %f %f\n", summary.requests, failed.status, summary.duration,
    latency:percentile(50), latency:percentile(99)))
end
