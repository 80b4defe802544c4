-- The shortcode {{< penstock model.mdl height=420 sliders="a,b" >}}
local there = quarto and quarto.utils.resolve_path("figure.lua")
local figure = dofile(there or pandoc.path.join({ pandoc.path.directory(PANDOC_SCRIPT_FILE), "figure.lua" }))

return {
  penstock = function(args, kwargs)
    return figure(pandoc.utils.stringify(args[1]), "", kwargs)
  end,
}
