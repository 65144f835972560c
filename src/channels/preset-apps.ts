/** What the installation has brought for a network, by the names of its fields. */
export type PresetApps = Readonly<Record<string, Readonly<Record<string, string>>>>

/**
 * The apps that NETWORK_APPS names; what is not a text is left out.
 * @example presetApps('{"x":{"clientId":"1"}}').x // { clientId: '1' }
 */
export function presetApps(setting: string | undefined): PresetApps {
  const told: unknown = JSON.parse(setting ?? '{}')
  const apps = typeof told === 'object' && told !== null ? Object.entries(told) : []
  return Object.fromEntries(
    apps.map(([network, answers]: [string, unknown]) => {
      const fields = typeof answers === 'object' && answers !== null ? Object.entries(answers) : []
      return [
        network,
        Object.fromEntries(fields.filter((pair): pair is [string, string] => typeof pair[1] === 'string')),
      ]
    }),
  )
}
