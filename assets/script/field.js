// What one types into or chooses from: see dashboard/components/field.py.
(() => {
  const isAlike = (one, other) => one === other || (Number.isNaN(one) && Number.isNaN(other));
  const number = (text) => (text === null || text === undefined || String(text).trim() === "" ? NaN : Number(text));
  const held = (value, { type }) => (type === "number" ? number(value) : String(value ?? ""));
  const standing = (place) => (place.type === "number" && !place.checkValidity() ? NaN : held(place.value, place));

  // The element keeps what stands in it; React writes only what comes from elsewhere, so that nobody's typing is moved.
  function Typed({ id, kind, value, pause, about, setProps }) {
    const place = React.useRef(null), waiting = React.useRef(0);
    React.useEffect(() => {
      if (!isAlike(held(value, about), standing(place.current))) place.current.value = value ?? "";
    }, [value]);
    const tell = () => setProps({ value: standing(place.current) });
    const onChange = () => {
      clearTimeout(waiting.current);
      if (pause) waiting.current = setTimeout(tell, pause);
      else tell();
    };
    return React.createElement(kind, { ...about, id, ref: place, defaultValue: value ?? "", onChange });
  }

  const Select = ({ id, value, options, about, setProps }) => React.createElement("select",
    { ...about, id, value: value ?? "", onChange: ({ target }) => setProps({ value: target.value }) },
    options.map(({ label, ...one }) => React.createElement("option", { key: one.value, ...one }, label)));

  const Radios = ({ id, value, options, about, setProps }) => React.createElement("div", { ...about, id },
    options.map((one) => {
      const own = `${id}${one.value}`, props = { type: "radio", id: own, value: one.value, className: "form-check-input" };
      const onChange = () => setProps({ value: one.value });
      return React.createElement("div", { key: one.value, className: "form-check" },
        React.createElement("input", { ...props, checked: one.value === value, onChange }),
        React.createElement("label", { htmlFor: own, className: "form-check-label" }, one.label));
    }));

  const KINDS = { select: Select, radios: Radios };
  window.mingjing = Object.assign(window.mingjing || {}, {
    Field: (props) => React.createElement(KINDS[props.kind] || Typed, props),
  });
})();
