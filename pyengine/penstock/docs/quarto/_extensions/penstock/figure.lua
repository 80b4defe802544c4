-- A model's figure, made by the command `penstock docs figure`; its files go to the folder `penstock`.
local FOLDER = "penstock"

return function(file, text, options)
  local latex = FORMAT:match("latex") or FORMAT:match("beamer")
  local to = latex and "pdf" or FORMAT:match("html") and "html" or "svg"
  local arguments = { "docs", "figure", file, "--out", FOLDER, "--url", FOLDER, "--to", to }
  for name, value in pairs(options) do
    table.insert(arguments, "--option=" .. name .. "=" .. pandoc.utils.stringify(value))
  end
  local good, made = pcall(pandoc.pipe, os.getenv("PENSTOCK") or "penstock", arguments, text)
  if not good then
    error("the model " .. file .. " could not be made: " .. tostring(made))
  elseif to == "html" then
    return pandoc.RawBlock("html", made)
  end
  return pandoc.Para({ pandoc.Image({ pandoc.Str(options.caption or "") }, made:gsub("%s+$", "")) })
end
