/** Messages with fields of rare kinds, or with a special JSON form. */
export const oddities: string = String.raw`edition = "2023";
package test.odd.v1;

import "google/protobuf/any.proto";
import "google/protobuf/duration.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/timestamp.proto";
import "google/protobuf/wrappers.proto";

enum Open {
  OPEN_ZERO = 0;
  OPEN_ONE = 1;
  OPEN_MINUS = -1;
}

enum Aliased {
  option allow_alias = true;
  ALIASED_ZERO = 0;
  ALIASED_ONE = 1;
  ALIASED_UNO = 1;
}

enum Closed {
  option features.enum_type = CLOSED;
  CLOSED_TWO = 2;
  CLOSED_ZERO = 0;
}

message Implicit {
  double a_double = 1 [features.field_presence = IMPLICIT];
  float a_float = 2 [features.field_presence = IMPLICIT];
  int32 a_int32 = 3 [features.field_presence = IMPLICIT];
  int64 a_int64 = 4 [features.field_presence = IMPLICIT];
  uint32 a_uint32 = 5 [features.field_presence = IMPLICIT];
  uint64 a_uint64 = 6 [features.field_presence = IMPLICIT];
  sint32 a_sint32 = 7 [features.field_presence = IMPLICIT];
  sint64 a_sint64 = 8 [features.field_presence = IMPLICIT];
  fixed32 a_fixed32 = 9 [features.field_presence = IMPLICIT];
  fixed64 a_fixed64 = 10 [features.field_presence = IMPLICIT];
  sfixed32 a_sfixed32 = 11 [features.field_presence = IMPLICIT];
  sfixed64 a_sfixed64 = 12 [features.field_presence = IMPLICIT];
  bool a_bool = 13 [features.field_presence = IMPLICIT];
  string a_string = 14 [features.field_presence = IMPLICIT];
  bytes a_bytes = 15 [features.field_presence = IMPLICIT];
  int64 text_int64 = 16 [jstype = JS_STRING, features.field_presence = IMPLICIT];
  Open open = 17 [features.field_presence = IMPLICIT];
  Aliased aliased = 18 [features.field_presence = IMPLICIT];
}

message Explicit {
  double a_double = 1;
  float a_float = 2;
  int32 a_int32 = 3;
  int64 a_int64 = 4;
  uint32 a_uint32 = 5;
  uint64 a_uint64 = 6;
  sint32 a_sint32 = 7;
  sint64 a_sint64 = 8;
  fixed32 a_fixed32 = 9;
  fixed64 a_fixed64 = 10;
  sfixed32 a_sfixed32 = 11;
  sfixed64 a_sfixed64 = 12;
  bool a_bool = 13;
  string a_string = 14;
  bytes a_bytes = 15;
  uint64 text_uint64 = 16 [jstype = JS_STRING];
  Open open = 17;
  Closed closed = 18;
  int32 seven = 19 [default = 7];
  string hello = 20 [default = "hello"];
  Closed chosen = 21 [default = CLOSED_ZERO];
}

message Repeated {
  repeated double a_double = 1;
  repeated float a_float = 2;
  repeated int32 a_int32 = 3;
  repeated int64 a_int64 = 4;
  repeated uint32 a_uint32 = 5;
  repeated uint64 a_uint64 = 6;
  repeated sint32 a_sint32 = 7;
  repeated sint64 a_sint64 = 8;
  repeated fixed32 a_fixed32 = 9;
  repeated fixed64 a_fixed64 = 10;
  repeated sfixed32 a_sfixed32 = 11;
  repeated sfixed64 a_sfixed64 = 12;
  repeated bool a_bool = 13;
  repeated string a_string = 14;
  repeated bytes a_bytes = 15;
  repeated sint64 text_sint64 = 16 [jstype = JS_STRING];
  repeated Open open = 17;
  repeated Closed closed = 18;
  repeated Implicit message = 19;
}

message Maps {
  map<int32, double> by_int32 = 1;
  map<int64, uint32> by_int64 = 2;
  map<uint32, fixed32> by_uint32 = 3;
  map<uint64, bool> by_uint64 = 4;
  map<sint32, float> by_sint32 = 5;
  map<sint64, uint64> by_sint64 = 6;
  map<fixed32, fixed64> by_fixed32 = 7;
  map<fixed64, string> by_fixed64 = 8;
  map<sfixed32, int32> by_sfixed32 = 9;
  map<sfixed64, sint32> by_sfixed64 = 10;
  map<bool, sfixed32> by_bool = 11;
  map<string, bytes> by_string = 12;
  map<string, Open> opens = 13;
  map<int32, Closed> closed = 14;
  map<string, Maps> nested = 15;
  map<string, google.protobuf.Timestamp> times = 16;
  map<string, google.protobuf.StringValue> wrapped = 17;
  map<string, google.protobuf.Value> values = 18;
}

message Wrapped {
  google.protobuf.DoubleValue a_double = 1;
  google.protobuf.FloatValue a_float = 2;
  google.protobuf.Int64Value a_int64 = 3;
  google.protobuf.UInt64Value a_uint64 = 4;
  google.protobuf.Int32Value a_int32 = 5;
  google.protobuf.UInt32Value a_uint32 = 6;
  google.protobuf.BoolValue a_bool = 7;
  google.protobuf.StringValue a_string = 8;
  google.protobuf.BytesValue a_bytes = 9;
  repeated google.protobuf.Int64Value list = 10;
}

message Choices {
  oneof scalars {
    double a_double = 1;
    float a_float = 2;
    int32 a_int32 = 3;
    int64 a_int64 = 4;
    uint32 a_uint32 = 5;
    uint64 a_uint64 = 6;
    sint32 a_sint32 = 7;
    sint64 a_sint64 = 8;
    fixed32 a_fixed32 = 9;
    fixed64 a_fixed64 = 10;
    sfixed32 a_sfixed32 = 11;
    sfixed64 a_sfixed64 = 12;
    bool a_bool = 13;
    string a_string = 14;
    bytes a_bytes = 15;
  }
  oneof others {
    Open open = 21;
    Choices self = 22;
    google.protobuf.Timestamp time = 23;
    google.protobuf.StringValue wrapped = 24;
    google.protobuf.Value value = 25;
    google.protobuf.NullValue null = 26;
    Closed closed = 27;
  }
  string beside = 30;
}

message Special {
  google.protobuf.Timestamp time = 1;
  google.protobuf.Duration wait = 2;
  repeated google.protobuf.Timestamp times = 3;
  google.protobuf.FieldMask mask = 4;
  google.protobuf.Struct struct = 5;
  google.protobuf.Value value = 6;
  google.protobuf.ListValue list = 7;
  google.protobuf.NullValue null = 8 [features.field_presence = IMPLICIT];
  google.protobuf.Any any = 9;
  repeated google.protobuf.Value values = 10;
  Special self = 11;
  google.protobuf.Duration delay = 12;
}

message Names {
  string snake_case_name = 1;
  string renamed = 2 [json_name = "other-name"];
  string a = 3 [json_name = "b_b"];
  string twice_2_x = 4;
  string UUpper = 5;
  string quoted = 6 [json_name = "\"\\"];
}

message Inherited {
  string constructor = 1;
  string to_string = 2;
  string __proto__ = 3;
  int32 plain = 4;
}

message Proto {
  Delimited __proto__ = 1;
}

message Numbered {
  string b = 1 [json_name = "2"];
  string a = 2 [json_name = "1"];
}

message Holder {
  Inherited inherited = 1;
  Numbered numbered = 2;
  repeated Names names = 3;
  Delimited group = 4 [features.message_encoding = DELIMITED];
}

message Delimited {
  int32 value = 1;
}

message Required {
  int32 needed = 1 [features.field_presence = LEGACY_REQUIRED];
  string other = 2;
}

message Empty {
}

message Extended {
  extensions 100 to 200;
  int32 own = 1;
}

extend Extended {
  string more = 100;
}
`;
