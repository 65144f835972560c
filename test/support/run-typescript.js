import { readFileSync } from 'node:fs'
import { registerHooks } from 'node:module'
import { fileURLToPath } from 'node:url'

import { transformSync } from '@swc/core'

import jestConfig from '../../jest.config.js'

// `node --import ./test/support/run-typescript.js file.ts`: a process of its own, compiled as jest compiles the tests.
const [, options] = Object.values(jestConfig.transform)[0]

// `SECONDER_PLANT` names a bug to put into the sources while they are read.
const planted = process.env.SECONDER_PLANT
const plant = planted
  ? (await import('../simulation/publishing/plants.js')).planter(planted)
  : (_filename, source) => source

registerHooks({
  resolve(specifier, context, next) {
    try {
      return next(specifier, context)
    } catch (error) {
      if (error.code !== 'ERR_MODULE_NOT_FOUND' || !/^\.{1,2}\/.*\.js$/.test(specifier)) throw error
      return next(specifier.replace(/js$/, 'ts'), context)
    }
  },
  load(url, context, next) {
    if (!url.endsWith('.ts')) return next(url, context)
    const filename = fileURLToPath(url)
    const { code } = transformSync(plant(filename, readFileSync(filename, 'utf8')), {
      ...options,
      filename,
      swcrc: false,
    })
    return { format: 'module', source: code, shortCircuit: true }
  },
})
