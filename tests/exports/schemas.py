"""What the formats' documentation asks of a file, as schemas."""

from __future__ import annotations

from typing import Any

from lxml import etree

Schema = dict[str, Any]

COUNT: Schema = {"type": "integer", "minimum": 0}
NUMBER: Schema = {"type": "number"}
TEXT: Schema = {"type": "string"}
SHARE: Schema = {"type": "number", "minimum": 0, "maximum": 1}
PERCENT: Schema = {"type": "number", "minimum": 0, "maximum": 100}


def record(_optional: Schema | None = None, **fields: Schema) -> Schema:
    return {
        "type": "object",
        "properties": {**fields, **(_optional or {})},
        "required": list(fields),
        "additionalProperties": _optional is None,
    }


def listed(item: Schema, **more: Any) -> Schema:
    return {"type": "array", "items": item, **more}


# https://cocodataset.org/#format-data, 1 and 2; the fields of a video as in CocoVID and TAO.
COCO = record(
    info=record(),
    licenses=listed(record()),
    images=listed(record(id=COUNT, file_name=TEXT, width=COUNT, height=COUNT)),
    categories=listed(record(id=COUNT, name=TEXT, supercategory=TEXT)),
    annotations=listed(
        record(
            id={"type": "integer", "minimum": 1},
            image_id=COUNT,
            category_id=COUNT,
            bbox=listed(NUMBER, minItems=4, maxItems=4),
            area={"type": "number", "exclusiveMinimum": 0},
            iscrowd={"enum": [0, 1]},
        )
    ),
)
COCO_VIDEO = record(
    **COCO["properties"],
    videos=listed(record(id=COUNT, name=TEXT, width=COUNT, height=COUNT), minItems=1, maxItems=1),
    tracks=listed(record(id=COUNT, category_id=COUNT, video_id=COUNT)),
)

# https://labelstud.io/tags/videorectangle, timelinelabels and rectanglelabels; tasks of
# https://labelstud.io/guide/predictions.
_REGION = {"id": TEXT, "from_name": TEXT, "to_name": TEXT}
_PLACE = {"x": PERCENT, "y": PERCENT, "width": PERCENT, "height": PERCENT, "rotation": NUMBER}
_ONE = {"minItems": 1, "maxItems": 1}
_FRAME = {"type": "integer", "minimum": 1}
_TRACK = record(
    **_REGION,
    type={"const": "videorectangle"},
    value=record(
        {},
        framesCount=_FRAME,
        duration=NUMBER,
        labels=listed(TEXT, **_ONE),
        sequence=listed(
            record({}, frame=_FRAME, enabled={"type": "boolean"}, time=NUMBER, **_PLACE),
            minItems=1,
        ),
    ),
)
_RANGE = record(
    **_REGION,
    type={"const": "timelinelabels"},
    value=record(
        {}, ranges=listed(record({}, start=_FRAME, end=_FRAME), **_ONE), timelinelabels=listed(TEXT)
    ),
)
_RECTANGLE = record(
    **_REGION,
    type={"const": "rectanglelabels"},
    original_width=_FRAME,
    original_height=_FRAME,
    value=record({}, **_PLACE, rectanglelabels=listed(TEXT, **_ONE)),
)
LABEL_STUDIO = listed(
    record(
        {},
        data=record(),
        predictions=listed(
            record(
                {},
                model_version=TEXT,
                result=listed({"oneOf": [_TRACK, _RANGE, _RECTANGLE]}),
            ),
            **_ONE,
        ),
    ),
    **_ONE,
)

# https://docs.voxel51.com/user_guide/import_datasets.html, FiftyOneVideoLabelsDataset and
# FiftyOneImageLabelsDataset, and the guides of ETA that these lead to.
_POINT = record({}, x=SHARE, y=SHARE)
_ATTRIBUTES = record(
    {},
    attrs=listed(
        record(
            {"confidence": NUMBER},
            type={"pattern": r"^eta\.core\.data\.(Categorical|Numeric|Boolean)Attribute$"},
            name={"type": "string", "pattern": r"^[^\W\d_]\w*$"},
            value={"type": ["string", "number", "boolean"]},
        )
    ),
)
_OBJECT = record(
    {"confidence": NUMBER, "frame_number": _FRAME},
    label=TEXT,
    bounding_box=record({}, top_left=_POINT, bottom_right=_POINT),
    index=_FRAME,
    attrs=_ATTRIBUTES,
)
_OBJECTS = record({}, objects=listed(_OBJECT))
_PAIR = listed(_FRAME, minItems=2, maxItems=2)
_EVENT = record(
    {"confidence": NUMBER},
    label=TEXT,
    support=record({}, ranges=listed(_PAIR, **_ONE)),
    attrs=_ATTRIBUTES,
)
IMAGE_LABELS = record({}, filename=TEXT, objects=_OBJECTS)
VIDEO_LABELS = record(
    {},
    filename=TEXT,
    metadata=record(),
    events=record({}, events=listed(_EVENT)),
    frames={
        "type": "object",
        "propertyNames": {"pattern": "^[1-9][0-9]*$"},
        "additionalProperties": record({}, frame_number=_FRAME, objects=_OBJECTS),
    },
)
MANIFEST = record(
    {},
    type={"enum": [f"eta.core.datasets.Labeled{sort}Dataset" for sort in ("Video", "Image")]},
    description=TEXT,
    index=listed(record({}, data=TEXT, labels=TEXT), **_ONE),
)

# https://docs.cvat.ai/docs/dataset_management/formats/xml_format/: version 1.1.
CVAT = etree.XMLSchema(
    etree.fromstring("""\
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:simpleType name="flag">
    <xs:restriction base="xs:string"><xs:enumeration value="0"/><xs:enumeration value="1"/>
    </xs:restriction>
  </xs:simpleType>
  <xs:complexType name="box">
    <xs:sequence>
      <xs:element name="attribute" minOccurs="0" maxOccurs="unbounded">
        <xs:complexType><xs:simpleContent><xs:extension base="xs:string">
          <xs:attribute name="name" type="xs:string" use="required"/>
        </xs:extension></xs:simpleContent></xs:complexType>
      </xs:element>
    </xs:sequence>
    <xs:attribute name="occluded" type="flag" use="required"/>
    <xs:attribute name="xtl" type="xs:double" use="required"/>
    <xs:attribute name="ytl" type="xs:double" use="required"/>
    <xs:attribute name="xbr" type="xs:double" use="required"/>
    <xs:attribute name="ybr" type="xs:double" use="required"/>
    <xs:attribute name="z_order" type="xs:integer"/>
  </xs:complexType>
  <xs:complexType name="on_frame">
    <xs:complexContent><xs:extension base="box">
      <xs:attribute name="frame" type="xs:nonNegativeInteger" use="required"/>
      <xs:attribute name="keyframe" type="flag" use="required"/>
      <xs:attribute name="outside" type="flag" use="required"/>
    </xs:extension></xs:complexContent>
  </xs:complexType>
  <xs:complexType name="on_image">
    <xs:complexContent><xs:extension base="box">
      <xs:attribute name="label" type="xs:string" use="required"/>
      <xs:attribute name="source" type="xs:string"/>
    </xs:extension></xs:complexContent>
  </xs:complexType>
  <xs:element name="annotations"><xs:complexType><xs:sequence>
    <xs:element name="version" type="xs:string" fixed="1.1"/>
    <xs:element name="meta"><xs:complexType><xs:sequence>
      <xs:element name="task"><xs:complexType><xs:sequence>
        <xs:element name="name" type="xs:string"/>
        <xs:element name="size" type="xs:positiveInteger"/>
        <xs:element name="mode"><xs:simpleType><xs:restriction base="xs:string">
          <xs:enumeration value="interpolation"/><xs:enumeration value="annotation"/>
        </xs:restriction></xs:simpleType></xs:element>
        <xs:element name="overlap" type="xs:nonNegativeInteger"/>
        <xs:element name="start_frame" type="xs:nonNegativeInteger"/>
        <xs:element name="stop_frame" type="xs:nonNegativeInteger"/>
        <xs:element name="labels">
          <xs:complexType><xs:sequence>
            <xs:element name="label" minOccurs="0" maxOccurs="unbounded">
              <xs:complexType><xs:sequence>
                <xs:element name="name" type="xs:string"/>
                <xs:element name="attributes">
                  <xs:complexType><xs:sequence>
                    <xs:element name="attribute" minOccurs="0" maxOccurs="unbounded">
                      <xs:complexType><xs:sequence>
                        <xs:element name="name" type="xs:string"/>
                        <xs:element name="mutable" type="xs:string"/>
                        <xs:element name="input_type" type="xs:string"/>
                        <xs:element name="default_value" type="xs:string"/>
                        <xs:element name="values" type="xs:string"/>
                      </xs:sequence></xs:complexType>
                    </xs:element>
                  </xs:sequence></xs:complexType>
                  <xs:unique name="attribute_once">
                    <xs:selector xpath="attribute"/><xs:field xpath="name"/>
                  </xs:unique>
                </xs:element>
              </xs:sequence></xs:complexType>
            </xs:element>
          </xs:sequence></xs:complexType>
          <xs:unique name="label_once">
            <xs:selector xpath="label"/><xs:field xpath="name"/>
          </xs:unique>
        </xs:element>
        <xs:element name="original_size" minOccurs="0"><xs:complexType><xs:sequence>
          <xs:element name="width" type="xs:positiveInteger"/>
          <xs:element name="height" type="xs:positiveInteger"/>
        </xs:sequence></xs:complexType></xs:element>
        <xs:element name="source" type="xs:string" minOccurs="0"/>
      </xs:sequence></xs:complexType></xs:element>
    </xs:sequence></xs:complexType></xs:element>
    <xs:choice>
      <xs:element name="track" minOccurs="0" maxOccurs="unbounded"><xs:complexType>
        <xs:sequence>
          <xs:element name="box" type="on_frame" maxOccurs="unbounded"/>
        </xs:sequence>
        <xs:attribute name="id" type="xs:nonNegativeInteger" use="required"/>
        <xs:attribute name="label" type="xs:string" use="required"/>
        <xs:attribute name="source" type="xs:string"/>
      </xs:complexType></xs:element>
      <xs:element name="image"><xs:complexType>
        <xs:sequence>
          <xs:element name="box" type="on_image" minOccurs="0" maxOccurs="unbounded"/>
        </xs:sequence>
        <xs:attribute name="id" type="xs:nonNegativeInteger" use="required"/>
        <xs:attribute name="name" type="xs:string" use="required"/>
        <xs:attribute name="width" type="xs:positiveInteger" use="required"/>
        <xs:attribute name="height" type="xs:positiveInteger" use="required"/>
      </xs:complexType></xs:element>
    </xs:choice>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema>""")
)
