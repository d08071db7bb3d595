"""``tf.keras.applications``: networks for ImageNet, as their papers define them.

    vgg16.py  vgg19.py               Simonyan, Zisserman 2014: only 3 x 3 convolutions
    inception_v3.py                  Szegedy et al. 2015: several kernel sizes side by side
    resnet.py  resnet_v2.py          He et al. 2015, 2016: layers that learn a difference
    xception.py                      Chollet 2016: depthwise separable convolutions
    inception_resnet_v2.py           Szegedy et al. 2016: both of these ideas
    densenet.py                      Huang et al. 2016: every layer sees all earlier ones
    mobilenet.py  mobilenet_v2.py    Howard et al. 2017, Sandler et al. 2018: few multiplications
    nasnet.py                        Zoph et al. 2017: cells found by a search
    imagenet_utils.py                pictures in, names of classes out

Names and shapes of layers and weights are TensorFlow 2.1's, so that published files of weights fit.
``_building.py`` holds what all of them share: the checks of arguments, the input, the weights.
"""

from __future__ import annotations

from reflow._namespace import lazy_names

__getattr__, __dir__ = lazy_names(__name__)
