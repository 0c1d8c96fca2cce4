// SPDX-License-Identifier: Apache-2.0
// Tests: where the packages of package.json are installed, and how a check ends.
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const skipped = 77;

/// $P1METER_NODE_PACKAGES, else build/consumers, where tests/run.sh installs them.
export const folder = resolve(
  process.env.P1METER_NODE_PACKAGES ?? fileURLToPath(new URL('../../build/consumers', import.meta.url)));

/// require() for those packages. Without them the test is skipped.
export function requirePackages() {
  if (!existsSync(`${folder}/node_modules/mqtt`)) {
    console.log(`skipped: the packages of tests/integrations/package.json are not in ${folder}`);
    process.exit(skipped);
  }
  return createRequire(`${folder}/package.json`);
}

/// Waits until the condition gives something true, and returns that; undefined when the time is over.
export async function eventually(condition, seconds) {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const found = condition();
    if (found) return found;
    if (Date.now() > end) return undefined;
    await new Promise((done) => setTimeout(done, 50));
  }
}

/// Says what is wrong, one sentence a line, or that all is well; and ends.
export function finish(faults, praise) {
  for (const fault of faults) console.log(fault);
  if (faults.length === 0) console.log(praise);
  process.exit(faults.length === 0 ? 0 : 1);
}
