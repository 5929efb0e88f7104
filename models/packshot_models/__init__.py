"""Everything behind the Packshot matting weights: pictures, net, losses, metrics, export."""
