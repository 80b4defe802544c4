-- Code blocks of the class `penstock` as live models: ```{.penstock height=420}
local there = quarto and quarto.utils.resolve_path("figure.lua")
local figure = dofile(there or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "figure.lua" }))

return {
  {
    CodeBlock = function(block)
      if block.classes[1] ~= "penstock" then return nil end
      local options = {}
      for name, value in pairs(block.attributes) do options[name] = value end
      if block.identifier ~= "" then options.id = block.identifier end
      local file = options.file
      options.file = nil
      return figure(file or "-", file and "" or block.text .. "\n", options)
    end,
  },
}
