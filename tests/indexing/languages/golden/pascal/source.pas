{ Orders, and how they are stored. }
unit Orders;

{$I settings.inc}

interface

uses
  Classes, SysUtils, Orders.Items in 'Orders.Items.pas';

type
  TOrder = class;
  TOrderState = (osOpen, osPaid);

  IStore = interface
    procedure Save(AOrder: TOrder);
  end;

  TPosition = record
    X, Y: Integer;
    case Boolean of
      True: (Z: Integer);
  end;

  // What a customer wants.
  TOrder = class(TPersistent, IStore)
  private
    FItems: TItemList;
    FState: TOrderState;
    function GetCount: Integer;
  public
    constructor Create(const AOwner: TStore); overload;
    destructor Destroy; override;
    procedure Save(AOrder: TOrder); virtual; abstract;
    class function Empty: TOrder; static;
    property Count: Integer read GetCount;
    property Items: TItemList read FItems write FItems;
  end;

  TCallback = procedure(Sender: TObject) of object;
  TOrderClass = class of TOrder;

function TotalOf(AOrder: TOrder): Currency;
procedure Beep; external 'user32.dll';

implementation

uses Logging;

const
  MaxItems = 100;

{ TOrder }

(* Begins without items. *)
constructor TOrder.Create(const AOwner: TStore);
begin
  inherited Create;
  FItems := TItemList.Create(Self);
  Log('procedure Nobody; begin'); // Nobody();
end;

destructor TOrder.Destroy;
begin
  FItems.Free;
  inherited;
end;

function TOrder.GetCount: Integer;

  function Limited(Value: Integer): Integer;
  begin
    if Value > MaxItems then
      Result := MaxItems
    else
      Result := Value;
  end;

begin
  Result := Limited(FItems.Count);
end;

class function TOrder.Empty: TOrder;
begin
  Result := TOrder.Create(nil);
end;

function TotalOf(AOrder: TOrder): Currency;
var
  Item: TItem;
  I: Integer;
begin
  Result := 0;
  try
    for I := 0 to AOrder.GetCount - 1 do
    begin
      Item := AOrder.Items.Get(I);
      case Item.Kind of
        0: Beep;
      else
        Result := Result + Item.Price;
      end;
    end;
  finally
    Logging.Flush;
  end;
end;

initialization
  Beep;
end.
