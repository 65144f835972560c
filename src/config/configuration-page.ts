import { settingNotes, type SettingNote } from './config.js'

/** `.env.example`: every setting with what it is for, commented out. */
export function environmentExample(): string {
  const blocks = notes().map(
    (note) => `# ${note.about}\n# Otherwise: ${note.otherwise}.\n#${note.variable}=${note.example}\n`,
  )
  return `# Settings of Seconder. Copy to .env, or set them in the environment. Made by \`npm run generate\`.\n\n${blocks.join('\n')}`
}

/** `docs/configuration.md`: the same for readers, and what production needs. */
export function configurationPage(): string {
  const rows = notes().map((note) => `| \`${note.variable}\` | ${note.about} | ${note.otherwise} |`)
  const needed = notes().flatMap((note) =>
    note.neededInProduction ? [`- \`${note.variable}\`: ${note.neededInProduction}`] : [],
  )
  return `# Configuration

<!-- Made from src/config/config.ts by \`npm run generate\`. -->

Every setting is an environment variable, or a line of a file \`.env\` in the folder that Seconder starts in. None is needed to try it out. If a setting is wrong, Seconder does not start; it names every problem at once, with its remedy.

| variable | what it is for | when it is not set |
|---|---|---|
${rows.join('\n')}

## Production

With \`NODE_ENV=production\` Seconder refuses to start until these are set:

${needed.join('\n')}
`
}

function notes(): SettingNote[] {
  return [...settingNotes().values()]
}
