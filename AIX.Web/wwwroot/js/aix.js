// Small things that only a browser can do. Everything else is decided on the server.
window.aix = (() => {
  const year = 'max-age=31536000;path=/;samesite=lax';

  return {
    theme() { return document.documentElement.dataset.theme; },

    toggleTheme() {
      const next = document.documentElement.dataset.theme === 'dark' ? 'light' : 'dark';
      document.documentElement.dataset.theme = next;
      document.cookie = `aix-theme=${next};${year}`;
      return next;
    },

    // Posts the chosen file with progress; the page hears of it through the .NET reference.
    upload(inputId, token, page) {
      const input = document.getElementById(inputId);
      const file = input?.files?.[0];
      if (!file) { return; }
      const request = new XMLHttpRequest();
      const form = new FormData();
      form.append('file', file, file.name);
      let told = 0;
      request.upload.onprogress = e => {
        if (e.lengthComputable && Date.now() - told > 150) {
          told = Date.now();
          page.invokeMethodAsync('OnProgress', e.loaded / e.total);
        }
      };
      request.onload = () => {
        let answer = {};
        try { answer = JSON.parse(request.responseText); } catch { /* no JSON: the status says enough */ }
        if (request.status === 200) { page.invokeMethodAsync('OnUploaded', answer.id); }
        else { page.invokeMethodAsync('OnRefused', answer.detail ?? ''); }
      };
      request.onerror = () => page.invokeMethodAsync('OnRefused', '');
      request.open('POST', '/app/imports');
      request.setRequestHeader('RequestVerificationToken', token);
      request.send(form);
    },

    // Lets a file be dropped on the zone as if it had been chosen.
    dropZone(zoneId, inputId) {
      const zone = document.getElementById(zoneId);
      const input = document.getElementById(inputId);
      if (!zone || !input) { return; }
      for (const name of ['dragover', 'dragenter']) { zone.addEventListener(name, e => { e.preventDefault(); zone.classList.add('over'); }); }
      zone.addEventListener('dragleave', () => zone.classList.remove('over'));
      zone.addEventListener('drop', e => {
        e.preventDefault();
        zone.classList.remove('over');
        if (e.dataTransfer.files.length) { input.files = e.dataTransfer.files; input.dispatchEvent(new Event('change', { bubbles: true })); }
      });
    },

    scrollTo(id) {
      const target = document.getElementById(id);
      if (!target) { return; }
      target.scrollIntoView({ block: 'center', behavior: 'smooth' });
      target.classList.remove('cited');
      void target.offsetWidth;
      target.classList.add('cited');
    },

    copy(text) { return navigator.clipboard.writeText(text); }
  };
})();

// A turn of a transcript jumps to its place on the recording beside it.
document.addEventListener('click', e => {
  const turn = e.target.closest('[data-seek]');
  const player = turn && turn.closest('[data-transcript]')?.querySelector('audio[data-recording]');
  if (!player) { return; }
  player.currentTime = Number(turn.dataset.seek);
  player.play().catch(() => { /* the browser does not play now: the place is set all the same */ });
});

// The calendar's slots say that things may be dropped on them in a way that browsers no longer know; without this nothing can be.
document.addEventListener('dragover', e => { if (e.target.closest?.('[dropzone]')) { e.preventDefault(); } });
