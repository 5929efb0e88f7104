// Before and after: the slider says how much of the first picture is seen.
document.addEventListener('input', ({ target }) => {
  if (target.matches('.compare input')) target.closest('.compare').style.setProperty('--at', `${target.value}%`);
});

// Tables of words become cards where the screen is narrow; site.css does it, and needs the names of the columns. Tables of
// numbers scroll.
for (const table of document.querySelectorAll('.md-typeset table:not([class])')) {
  const names = [...table.querySelectorAll('th')].map((cell) => cell.textContent);
  const numbers = table.querySelector('th[style*="right"]');
  if (names.length < 3 || numbers) continue;
  table.dataset.narrow = 'cards';
  for (const row of table.tBodies[0].rows) [...row.cells].forEach((cell, i) => (cell.dataset.name = names[i]));
}
