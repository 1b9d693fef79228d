import { runQuietly } from './command.mjs';

/** Builds the native addon with CMake; nothing to do when its sources have not changed. */
export async function prepareNative() {
  const quiet = { env: { ...process.env, MAKEFLAGS: '' } };
  await runQuietly(
    'cmake',
    ['-S', 'native', '-B', 'native/build', '-DCMAKE_BUILD_TYPE=Release'],
    'configuring the addon',
    quiet,
  );
  await runQuietly('cmake', ['--build', 'native/build', '--parallel', '2'], 'building the addon', quiet);
}
