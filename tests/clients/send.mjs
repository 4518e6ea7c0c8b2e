// node send.mjs <client> <url> <write key> <person> <events>: so many tracks, then one identify. Ends when all is sent.
import { Analytics as Segment } from "@segment/analytics-node";
import cdp from "@customerio/cdp-analytics-node";
import { PipelinesClient, RegionUS } from "customerio-node";

const [client, url, writeKey, userId, events] = process.argv.slice(2);

async function analytics(Analytics) {
  const sender = new Analytics({ writeKey, host: url, maxEventsInBatch: 20 });
  sender.on("error", fail);
  for (let n = 0; n < Number(events); n++) sender.track({ userId, event: "Note saved", properties: { n } });
  sender.identify({ userId, traits: { plan: client } });
  await sender.closeAndFlush({ timeout: 20_000 });
}

async function pipelines() {
  const sender = new PipelinesClient(writeKey, { region: RegionUS, url: `${url}/v1`, strictMode: true });
  const calls = Array.from({ length: Number(events) - 1 }, (_, n) => ({
    type: "track", userId, event: "Note saved", properties: { n },
  }));
  await sender.batch(calls);
  await sender.track({ userId, event: "Note saved", properties: { n: -1 } });
  await sender.identify({ userId, traits: { plan: client } });
}

function fail(error) {
  console.error(error);
  process.exit(1);
}

await { segment: () => analytics(Segment), cdp: () => analytics(cdp.Analytics), pipelines }[client]().catch(fail);
