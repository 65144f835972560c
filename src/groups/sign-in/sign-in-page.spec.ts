import { confirmPage, usedUpPage } from './sign-in-page.js'

describe('the page behind a sign-in link', () => {
  it('says who is about to sign in, and signs nobody in without a press', () => {
    const html = confirmPage({ name: 'Ana', email: 'ana@example.org' })
    expect(html).toContain('ana@example.org')
    expect(html).toContain('<form method="post"')
    expect(html).not.toContain('<script')
  })

  it('shows names as text, whatever is in them', () => {
    expect(confirmPage({ name: '<img src=x>', email: 'a@b.org' })).not.toContain('<img')
  })

  it('leads to a new link when the link is used up', () => {
    expect(usedUpPage()).toContain('href="/sign-in"')
  })
})
