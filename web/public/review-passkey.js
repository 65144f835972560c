// On the page that asks who it is: offers the reviewer's passkey where the browser can ask for one.
const form = document.querySelector('#passkey')
const canAsk = window.PublicKeyCredential?.parseRequestOptionsFromJSON !== undefined
if (form && canAsk) {
  form.hidden = false
  let answered = false
  form.addEventListener('submit', (event) => {
    if (answered) return
    event.preventDefault()
    void ask()
  })
  async function ask() {
    const said = form.querySelector('[role=alert]')
    said.textContent = ''
    try {
      const asked = await fetch(`${form.getAttribute('action')}/options`, {
        method: 'POST',
        body: new URLSearchParams([...new FormData(form)].filter(([name]) => name === 'csrf' || name === 'pass')),
      })
      const options = await asked.json()
      if (!asked.ok) throw new Error(options.detail)
      const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options)
      const credential = await navigator.credentials.get({ publicKey })
      form.elements.passkey.value = JSON.stringify(credential.toJSON())
      answered = true
      form.requestSubmit()
    } catch (error) {
      const gaveUp = error instanceof DOMException
      said.textContent = gaveUp ? 'The passkey was not used. You can try once more.' : error.message
    }
  }
}
