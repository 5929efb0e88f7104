// Puts every photo of a folder through a recipe, until Ctrl-C; started again, it goes on where it was.
//
//     node folder.mjs photos out [PRESET or recipe.toml] [--stop-after N]
import { parseArgs } from 'node:util';
import { Engine, Recipe } from 'packshot';

const { values, positionals } = parseArgs({ options: { 'stop-after': { type: 'string' } }, allowPositionals: true });
const [folder, output, name = 'transparent-png'] = positionals;
const recipe = name.endsWith('.toml') ? await Recipe.open(name) : Recipe.preset(name);
const stopAfter = Number(values['stop-after'] ?? Infinity);

const controller = new AbortController();
process.once('SIGINT', () => controller.abort());

try {
  const report = await new Engine().batch(recipe, {
    inputs: [folder],
    output,
    signal: controller.signal,
    onProgress: ({ total, done, resumed, failed, rate, left, item }) => {
      if (item.error) console.error(`\r${item.input}: ${item.error.message}. ${item.error.remedy}`);
      const time = left === null ? '' : `, ${Math.ceil(left)} s left`;
      process.stdout.write(`\r${done + resumed + failed} of ${total}, ${rate.toFixed(1)} a second${time}   `);
      if (done >= stopAfter) controller.abort();
    },
  });
  console.log(`\n${report.done} made, ${report.resumed} made before, ${report.failed} failed`);
} catch (error) {
  if (!controller.signal.aborted) throw error;
  console.log('\nstopped; run the same command to continue');
}
