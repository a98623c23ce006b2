// Each fault a server can have is found under its own name, and no other with it.

import assert from 'node:assert/strict';
import { describe } from 'node:test';
import { faultsOf } from './faults.mjs';
import { Stage } from './stage.mjs';
import { startStandIn, WRONG } from './stand-in.mjs';

describe('a server', { concurrency: 2 }, () => {
  const stage = Stage.forSuite('stand-in');

  stage.test('without fault is found to have none', async (session) => {
    assert.deepEqual(await faults(session), []);
  });

  for (const fault of Object.keys(WRONG)) {
    stage.test(`whose fault is "${fault}"`, async (session) => {
      assert.deepEqual(await faults(session, fault), [fault]);
    });
  }

  async function faults(session, fault) {
    const server = await startStandIn({ dsn: stage.ingest.dsn, sdk: stage.sdk.url, fault });
    try {
      return await faultsOf(session, server.url);
    } finally {
      await server.stop();
    }
  }
});
