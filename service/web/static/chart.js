// data-chart: stacked bars drawn from the JSON of another element; colours are the page's own, in both themes.
const { echarts } = globalThis;

for (const place of document.querySelectorAll("[data-chart]")) {
  const data = JSON.parse(document.getElementById(place.dataset.chart).textContent);
  const chart = echarts.init(place, null, { renderer: "svg" });
  draw(chart, place, data);
  chart.on("click", ({ dataIndex }) => location.assign(data.addresses[dataIndex]));
  document.addEventListener("theme", () => draw(chart, place, data));
  new ResizeObserver(() => {
    chart.resize();
    draw(chart, place, data);
  }).observe(place);
}

function draw(chart, place, { categories, series }) {
  const style = getComputedStyle(document.documentElement);
  const colour = (name) => style.getPropertyValue(`--tblr-${name}`).trim();
  const ink = colour("body-color");
  const narrow = place.clientWidth < 480;
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: getComputedStyle(document.body).fontFamily, color: ink },
    legend: { top: 0, textStyle: { color: ink }, itemWidth: 14, itemHeight: 10 },
    grid: { left: narrow ? 48 : 190, right: 16, top: narrow ? 56 : 36, bottom: 8 },
    tooltip: { trigger: "axis", axisPointer: { type: "shadow" }, confine: true },
    xAxis: { type: "value", minInterval: 1, axisLabel: { show: false }, splitLine: { lineStyle: { color: colour("border-color") } } },
    yAxis: {
      type: "category",
      inverse: true,
      data: categories,
      axisTick: { show: false },
      axisLine: { lineStyle: { color: colour("border-color") } },
      axisLabel: { color: ink, interval: 0, width: narrow ? 42 : 178, overflow: "truncate", formatter: (name) => (narrow ? name.split(" ")[0] : name) },
    },
    series: series.map((each) => ({
      name: each.name,
      type: "bar",
      stack: "all",
      barMaxWidth: 18,
      cursor: "pointer",
      itemStyle: { color: colour(each.colour) },
      data: each.values,
    })),
  });
}
