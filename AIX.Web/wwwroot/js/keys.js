// Keys: by their place on the keyboard (event.code), so that a Hindi layout changes nothing. A key presses what bears its act, so that whatever is not on screen cannot be done.
window.aixKeys = (() => {
  let keys = {};
  let pending = null;
  let pendingUntil = 0;
  let learning = null;

  // Keys that came before what they are meant for was on screen: they wait for it, half a second at most. Text typed while the palette opens goes into it and presses nothing.
  let early = [];
  let earlyUntil = 0;
  let typed = '';
  let openingUntil = 0;

  // Enter that came before the list's answer to what was typed last: the first of that answer is meant, not of the one before it.
  let awaited = null;
  let awaitedUntil = 0;

  const codeOf = e => (e.ctrlKey || e.metaKey ? 'Ctrl+' : '') + (e.altKey ? 'Alt+' : '') + (e.shiftKey ? 'Shift+' : '') + e.code;
  const isTyping = t => /^(INPUT|TEXTAREA|SELECT)$/.test(t.tagName) && !/^(checkbox|radio|button|submit)$/.test(t.type) || t.isContentEditable;
  const modal = () => [...document.querySelectorAll('[data-modal], .rz-dialog')].pop();

  function find(act) {
    const within = modal() ?? document;
    return [...within.querySelectorAll(`[data-act~="${act}"]`)].find(el => !el.disabled && el.getAttribute('aria-disabled') !== 'true');
  }

  function press(code, e) {
    for (const act of Object.keys(keys)) {
      const name = act === 'submitText' ? 'submit' : act;
      if (keys[act] !== code) { continue; }
      if (code === 'Enter' && /^(BUTTON|A|SUMMARY)$/.test(e.target.tagName)) { return false; }
      const el = find(name);
      if (!el) { continue; }
      e.preventDefault();
      // What is typed counts, though the field has not been left.
      if (isTyping(e.target) && el !== e.target) { e.target.dispatchEvent(new Event('change', { bubbles: true })); }
      if (/^(INPUT|TEXTAREA|SELECT)$/.test(el.tagName)) { el.focus(); if (el.select) { el.select(); } } else { el.click(); }
      return true;
    }
    return false;
  }

  const answered = box => {
    const of = box.querySelector('[role=listbox]')?.dataset.answered;
    return of === undefined || of === box.querySelector('input')?.value;
  };

  // Whether there was something to choose, of the answer to what stands in the input.
  function choose(box) {
    const option = answered(box) && (box.querySelector('[role=option][data-on]') ?? box.querySelector('[role=option]'));
    option?.click?.();
    return !!option;
  }

  // The lit option of a list under an input: palette, pickers.
  function list(e) {
    awaited = null;
    const box = e.target.closest?.('[data-listbox]');
    if (!box || e.target.tagName === 'BUTTON' || !['ArrowDown', 'ArrowUp', 'Enter'].includes(e.code) || e.isComposing) { return false; }
    if (e.code === 'Enter') {
      e.preventDefault();
      if (!choose(box)) { [awaited, awaitedUntil] = [box, performance.now() + 2000]; }
      return true;
    }
    const options = [...box.querySelectorAll('[role=option]')];
    if (!options.length) { return false; }
    let at = options.findIndex(o => o.hasAttribute('data-on'));
    at = at < 0 ? (e.code === 'ArrowDown' ? Math.min(1, options.length - 1) : options.length - 1) : (at + (e.code === 'ArrowDown' ? 1 : -1) + options.length) % options.length;
    options.forEach((o, i) => { o.toggleAttribute('data-on', i === at); o.setAttribute('aria-selected', i === at); });
    options[at].scrollIntoView({ block: 'nearest' });
    e.target.setAttribute('aria-activedescendant', options[at].id);
    e.preventDefault();
    return true;
  }

  new MutationObserver(() => {
    if (awaited && (!awaited.isConnected || performance.now() > awaitedUntil || choose(awaited))) { awaited = null; }
    if (!early.length) { return; }
    if (performance.now() > earlyUntil) { early = []; return; }
    while (early.length && press(early[0].code, early[0].event)) { early.shift(); }
  }).observe(document, { childList: true, subtree: true, attributes: true, attributeFilter: ['disabled', 'data-answered'] });

  document.addEventListener('keydown', e => {
    if (e.isComposing || /^(Shift|Control|Alt|Meta)/.test(e.code)) { return; }
    const code = codeOf(e);
    if (learning) {
      e.preventDefault();
      const page = learning;
      learning = null;
      delete document.documentElement.dataset.learning;
      page.invokeMethodAsync('OnKey', code);
      return;
    }
    if (list(e)) { return; }
    if (performance.now() < openingUntil && e.target.id !== 'palette-input') {
      if (e.key.length === 1 && !e.ctrlKey && !e.metaKey) { typed += e.key; }
      e.preventDefault();
      return;
    }
    if (isTyping(e.target) && !code.startsWith('Ctrl+') && code !== 'Escape') { return; }
    if (code === 'Escape' && isTyping(e.target)) { e.target.blur(); }
    const chord = pending && performance.now() < pendingUntil ? `${pending} ${code}` : null;
    pending = null;
    if (chord && press(chord, e)) { return; }
    const waits = code !== 'Escape' && !code.startsWith('Ctrl+');
    if (!waits || performance.now() > earlyUntil) { early = []; }
    if (!early.length && press(code, e)) {
      earlyUntil = performance.now() + 500;
      if (code === keys.palette) { openingUntil = performance.now() + 1500; typed = ''; }
      return;
    }
    if (waits && performance.now() < earlyUntil && Object.values(keys).includes(code)) { early.push({ code, event: e }); return; }
    early = [];
    if (Object.values(keys).some(k => k.startsWith(code + ' '))) { pending = code; pendingUntil = performance.now() + 1500; }
  });

  return {
    use(map) { keys = map; document.documentElement.dataset.keys = 'on'; },
    // The next key pressed is told to the page instead of being obeyed.
    learn(page) { learning = page; document.documentElement.dataset.learning = "on"; },
    focus(selector) {
      const el = document.querySelector(selector);
      if (!el) { return; }
      el.focus();
      if (el.select) { el.select(); }
      if (typed && openingUntil) { el.value = typed; el.dispatchEvent(new Event('input', { bubbles: true })); }
      openingUntil = 0;
      typed = '';
    },
    show(selector) { document.querySelector(selector)?.scrollIntoView({ block: 'nearest' }); }
  };
})();
