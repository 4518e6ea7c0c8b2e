// node outage.mjs <client> <url> <write key> <person> <seconds>: events through thick and thin. Prints, as JSON, the `n` of
// each event that the client itself gave up, with what it said of it.
import { Analytics as Segment } from "@segment/analytics-node";
import cdp from "@customerio/cdp-analytics-node";
import { PipelinesClient, RegionUS } from "customerio-node";

const [client, url, writeKey, userId, seconds] = process.argv.slice(2);
const EVENT = "Note saved";
const lost = [];
const give = (n, error) => lost.push([n, `${error?.message ?? error}`.slice(0, 200)]);
const pause = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const events = [...Array.from({ length: 40 }, (_, n) => ({ n, text: "x".repeat(10_000) })), { n: "big", text: "x".repeat(60_000) }];
const ticks = Array.from({ length: seconds * 2 }, (_, tick) => ({ n: 100 + tick }));

async function analytics(Analytics) {
  const sender = new Analytics({ writeKey, host: url });
  sender.on("error", ({ code, reason, ctx }) => give(ctx?.event?.properties?.n, reason ?? code));
  const say = (properties) => sender.track({ userId, event: EVENT, properties });
  for (const properties of events) {
    try {
      say(properties);
    } catch (error) {
      give(properties.n, error);
    }
  }
  for (const properties of ticks) {
    say(properties);
    await pause(500);
  }
  await sender.closeAndFlush({ timeout: 90_000 });
}

async function pipelines() {
  const sender = new PipelinesClient(writeKey, { region: RegionUS, url: `${url}/v1`, strictMode: true });
  const call = (properties) => ({ type: "track", userId, event: EVENT, properties });
  const small = events.slice(0, 40);
  await sender.batch(small.map(call)).catch((error) => small.forEach(({ n }) => give(n, error)));
  const say = (properties) => sender.track({ userId, event: EVENT, properties }).catch((error) => give(properties.n, error));
  await say(events[40]);
  const said = [];
  for (const properties of ticks) {
    said.push(say(properties));
    await pause(500);
  }
  await Promise.all(said);
}

await { segment: () => analytics(Segment), cdp: () => analytics(cdp.Analytics), pipelines }[client]();
console.log(JSON.stringify(lost));
process.exit(0);
