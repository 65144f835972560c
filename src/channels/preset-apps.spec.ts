import { presetApps } from './preset-apps.js'

describe('the apps that an installation has brought', () => {
  it('are told by network and field', () => {
    expect(presetApps('{"x":{"clientId":"1","clientSecret":"2"}}')).toEqual({ x: { clientId: '1', clientSecret: '2' } })
  })

  it.each([undefined, '{}', 'null', '[]', '7', '"x"'])('are none in %s', (setting) => {
    expect(presetApps(setting)).toEqual({})
  })

  it('are texts only', () => {
    expect(presetApps('{"x":{"clientId":1},"threads":null}')).toEqual({ x: {}, threads: {} })
  })
})
