import { describeRoles, inOrder, mayAct, roleRefusal } from './roles.js'

describe('roles', () => {
  it('one of the needed roles is enough', () => {
    expect(mayAct(['reviewer', 'editor'], ['admin', 'editor'])).toBe(true)
    expect(mayAct(['reviewer'], ['admin', 'editor'])).toBe(false)
    expect(mayAct([], ['admin'])).toBe(false)
  })

  it('what needs no role is open to every member', () => {
    expect(mayAct([], [])).toBe(true)
  })

  it('an admin is not silently an editor or a reviewer', () => {
    expect(mayAct(['admin'], ['editor'])).toBe(false)
    expect(mayAct(['admin'], ['reviewer'])).toBe(false)
  })

  it('a refusal names who may, what the person is, and whom to ask', () => {
    expect(roleRefusal(['reviewer', 'editor'], ['admin'], 'Food Bank')).toBe(
      'Only an admin of Food Bank may do this, and you are an editor and a reviewer. Ask an admin of the group.',
    )
    expect(roleRefusal([], ['admin', 'editor'], 'Food Bank')).toBe(
      'Only an admin or an editor of Food Bank may do this, and you have no role there yet. Ask an admin of the group.',
    )
  })

  it('roles are kept once each, in one order', () => {
    expect(inOrder(['reviewer', 'admin', 'reviewer'])).toEqual(['admin', 'reviewer'])
  })

  it('what a person does is said in words', () => {
    expect(describeRoles(['reviewer', 'editor', 'admin'])).toBe(
      'Runs the group, writes posts and reviews what others wrote',
    )
    expect(describeRoles(['editor'])).toBe('Writes posts')
    expect(describeRoles([])).toBe('Looks on')
  })
})
