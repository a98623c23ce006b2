// Each fault a server can have is found under its own name, and no other with it.

import assert from 'node:assert/strict';
import { after, afterEach, before, describe, test } from 'node:test';
import { faultsOf } from './faults.mjs';
import { startStage } from './stage.mjs';
import { startStandIn, WRONG } from './stand-in.mjs';

describe('a server', () => {
  let stage;
  before(async () => (stage = await startStage()));
  afterEach((context) => stage.clear(context));
  after(() => stage.stop());

  test('without fault is found to have none', async () => {
    assert.deepEqual(await faults(), []);
  });

  for (const fault of Object.keys(WRONG)) {
    test(`with ${fault}`, async () => {
      assert.deepEqual(await faults(fault), [fault]);
    });
  }

  async function faults(fault) {
    const server = await startStandIn({ dsn: stage.ingest.dsn, sdk: stage.sdk.url, fault });
    const found = await faultsOf(stage.browser, server.url);
    await server.stop();
    return found;
  }
});
