// Makes the pictures in docs/images anew: the test that looks at every view writes them when it is told where to.
import { spawnSync } from 'node:child_process'
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const folder = join('docs', 'images')
mkdirSync(folder, { recursive: true })

function run(command, args, env = {}) {
  const { status } = spawnSync(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  if (status !== 0) process.exit(1)
}

run(process.execPath, [join('scripts', 'build.mjs')])
const looks = join('tests', 'pages', 'inspector-appearance.test.ts')
run(join('node_modules', '.bin', 'vitest'), ['run', '--project', 'pages', looks], { SCREENSHOTS: folder })

// A palette makes them a third as large. Miniflare brings sharp along; without it they stay as they are.
const { default: sharp } = await import('sharp').catch(() => ({ default: undefined }))
for (const name of sharp ? readdirSync(folder).filter((file) => file.startsWith('inspector-')) : []) {
  const path = join(folder, name)
  writeFileSync(
    path,
    await sharp(readFileSync(path))
      .png({ palette: true, colours: 256, quality: 100, dither: 0, effort: 10 })
      .toBuffer(),
  )
}
