# The code of the guide, on the command line: `sh -eu guide.sh`, in a folder with `shoe.jpg` and with photos in `photos`.
# The site shows the parts between `guide:` and `end`.

# guide: first
packshot cutout shoe.jpg -o out                  # out/shoe.png, with alpha
packshot cutout - -o - < shoe.jpg > shoe.png     # as a filter
# end

# guide: options
packshot cutout shoe.jpg -o white --edges fine --background white --crop "6% of result" --format jpeg
# end

# guide: larger
packshot upscale shoe.jpg -o large --scale 2 --denoise 0.3
# end

# guide: crop
packshot crop shoe.jpg -o portrait --margin 10% --aspect 4:5
# end

# guide: recipes
packshot recipe list
packshot recipe show white-background > mine.toml
packshot recipe check mine.toml
packshot run mine.toml shoe.jpg -o shop --set background=#f4f4f4 --set size=1200
# end

# guide: batches
packshot run thumbnail photos/ -o results --sheet --report report.json
# Stopped, or the power failed? The same command goes on where it was.
# end

# guide: errors
packshot cutout nowhere.jpg -o out --json || echo "exit code $?"
# end

# guide: models
packshot models list
packshot doctor
# end

# guide: policies
packshot policy show narpix                      # what is kept, and for how long
packshot policy show narpix --html privacy.html  # a page for the people whose data it is
packshot policy explain narpix --asset upload --plan free --uploaded 2026-01-31T12:00Z
packshot policy lint narpix                      # can it be kept?
# end
