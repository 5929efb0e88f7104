"""Cut out with a model of your own:  python custom_model.py net.onnx shoe.jpg shoe.png"""

import sys

import packshot

# How the net wants its input and gives its answer. Where it works as a model of the registry does,
# ModelFile(net, like="u2netp") is enough.
DESCRIPTOR = """
[input]
name = "image"
divide = 255
mean = [0.485, 0.456, 0.406]
std = [0.229, 0.224, 0.225]
size = { fixed = [384, 384] }
pad = true

[output]
name = "alpha"
"""

net, photo, target = sys.argv[1:]
cutout = packshot.remove_background(photo, model=packshot.ModelFile(net, descriptor=DESCRIPTOR))
cutout.save(target)
print(f"{target}: cut out by {cutout.ran.model} on {cutout.ran.backend.name if cutout.ran.backend else 'nothing'}")
